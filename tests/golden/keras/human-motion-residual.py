"""Keras model human-motion-residual: graph, feedback, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class LayerOf(layers.Layer):
    """Applies a layer of ``model`` outside of the loop that also applies it.

    A recurrent layer is run by its cell; with ``gives_state`` it returns its final state.
    """

    def __init__(
        self,
        model: keras.Model,
        names: list[str],
        gives_state: bool = False,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.model, self.names, self.gives_state = model, list(names), gives_state
        self.supports_masking = True

    def build(self, *shapes: object) -> None:
        # The model has had its weights since it was built.
        self.built = True

    def call(
        self, *inputs: keras.KerasTensor, **keywords: object
    ) -> keras.KerasTensor | list[keras.KerasTensor]:
        layer = self.model
        for name in self.names:
            layer = layer.get_layer(name)
        if self.gives_state:
            layer = layers.RNN(
                layer.cell,
                return_sequences=True,
                return_state=True,
                zero_output_for_mask=True,
            )
        return layer(*inputs, **keywords)

    def get_config(self) -> dict[str, object]:
        model = keras.saving.serialize_keras_object(self.model)
        # The loop holds the same model: by this number Keras loads it once.
        model["shared_object_id"] = id(self.model)
        own = {"model": model, "names": self.names, "gives_state": self.gives_state}
        return {**super().get_config(), **own}

    @classmethod
    def from_config(cls, config: dict) -> "LayerOf":
        config["model"] = keras.saving.deserialize_keras_object(config["model"])
        return cls(**config)


@keras.saving.register_keras_serializable(package="human_motion_residual")
class MotionBlockMXLoop(layers.Layer):
    """A loop: each step of ``motion_block_m_x``, ``motion_block_m_gru_h``, ``motion_block_m_dense_d`` and ``m_own`` reads what steps before it gave."""

    def __init__(self, motion_block_m_layer: layers.Layer, **options: object) -> None:
        super().__init__(**options)
        self.motion_block_m_layer = motion_block_m_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        start, motion_block_m_gru_h_h = inputs
        motion_block_m_gru_h_layer = self.motion_block_m_layer.get_layer("gru_h")
        motion_block_m_dense_d_layer = self.motion_block_m_layer.get_layer("dense_d")

        def step(carry: tuple, _: None) -> tuple[tuple, tuple]:
            m_own, motion_block_m_gru_h_state = carry
            motion_block_m_x = m_own
            motion_block_m_gru_h, motion_block_m_gru_h_state = (
                motion_block_m_gru_h_layer.cell(
                    motion_block_m_x,
                    motion_block_m_gru_h_state,
                )
            )
            motion_block_m_dense_d = motion_block_m_dense_d_layer(motion_block_m_gru_h)
            m_own = motion_block_m_x + motion_block_m_dense_d
            carry = (m_own, motion_block_m_gru_h_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (m_own, _) = ops.scan(step, (start, [motion_block_m_gru_h_h]), length=3)
        return ops.swapaxes(m_own, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], 3, 6), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("motion_block_m_layer",):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
            # It may be applied elsewhere, too: by this number Keras loads one layer.
            config[name]["shared_object_id"] = id(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "MotionBlockMXLoop":
        for name in ("motion_block_m_layer",):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_motion_block(units: int = 16, name: str = "motion_block") -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``a``.

        A   A   ... A     add
        |\  |\      |\
        | D | D ... | D   dense(6)
        | | | |     | |
        | H-|-H-...-|-H   gru(units)
        |/  |/      |/
        X   X   ... X     input(6)

        units = 16

    Shapes, without the batch:
        input x: (None, 6) float32
        output a: (None, 6)
    """
    x = keras.Input(shape=(None, 6), name="x")
    gru_h = layers.GRU(units, return_sequences=True, name="gru_h")(x)
    dense_d = layers.Dense(6, name="dense_d")(gru_h)
    a = layers.Add()([x, dense_d])
    return keras.Model(inputs=x, outputs=a, name=name)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``frames`` to a sequence ``m``.

        M M ..t.. M M M M   motion_block(units=32)
        | |       | | | |
        X X ..t.. X m m m

        X = input(6, name=frames)

    Shapes, without the batch:
        input frames: (t, 6) float32
        output m: (t + 3, 6)
    """
    motion_block_m_layer = build_motion_block(units=32, name="motion_block_m")
    frames = keras.Input(shape=(None, 6), name="frames")
    motion_block_m_gru_h_known, *motion_block_m_gru_h_known_state = LayerOf(
        motion_block_m_layer,
        ["gru_h"],
        gives_state=True,
        name="motion_block_m_gru_h_known",
    )(frames)
    motion_block_m_dense_d_known = LayerOf(
        motion_block_m_layer,
        ["dense_d"],
        name="motion_block_m_dense_d_known",
    )(motion_block_m_gru_h_known)
    m_known = layers.Add()([frames, motion_block_m_dense_d_known])
    m_own = MotionBlockMXLoop(
        motion_block_m_layer=motion_block_m_layer,
        name="motion_block_m_x_loop",
    )([m_known[:, -1], motion_block_m_gru_h_known_state[0]])
    joined = layers.Concatenate(axis=1)([m_known, m_own])
    return keras.Model(inputs=frames, outputs=joined, name="human_motion_residual")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("m", model.output_shape)
