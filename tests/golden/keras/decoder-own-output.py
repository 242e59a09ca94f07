"""Keras model decoder-own-output: encoder-decoder, state handoff, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="decoder_own_output")
class GruDLoop(layers.Layer):
    """A loop: each step of ``gru_d`` and ``y`` reads what steps before it gave."""

    def __init__(
        self,
        gru_d_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.gru_d_layer = gru_d_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.gru_d_layer.built:
            self.gru_d_layer.build((None, None, 2))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 8))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        s, gru_d_h = inputs

        def step(carry: tuple, _: None) -> tuple[tuple, tuple]:
            y, gru_d_state = carry
            gru_d, gru_d_state = self.gru_d_layer.cell(y, gru_d_state)
            y = self.dense_y_layer(gru_d)
            carry = (y, gru_d_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (y, _) = ops.scan(step, (s, [gru_d_h]), length=4)
        return ops.swapaxes(y, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], 4, 2), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("gru_d_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "GruDLoop":
        for name in ("gru_d_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence and a vector to a sequence.

              Y Y Y Y   dense(2)
              | | | |
        E-E-E-D-D-D-D
        | | | | | | |
        X X X S y y y

        X = input(3)
        S = input(2)
        E = gru(8)
        D = gru(8)

    Shapes, without the batch:
        input x: (3, 3) float32
        input s: (2,) float32
        output y: (4, 2)
    """
    x = keras.Input(shape=(3, 3), name="x")
    s = keras.Input(shape=(2,), name="s")
    _, *gru_e_state = layers.GRU(8, return_state=True, name="gru_e")(x)
    y = GruDLoop(
        gru_d_layer=layers.GRU(8, name="gru_d"),
        dense_y_layer=layers.Dense(2, name="dense_y"),
        name="gru_d_loop",
    )([s, gru_e_state[0]])
    return keras.Model(inputs=[x, s], outputs=y, name="decoder_own_output")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
