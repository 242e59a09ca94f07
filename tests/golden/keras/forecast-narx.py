"""Keras model forecast-narx: many-to-many aligned, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="forecast_narx")
class JoinedPLoop(layers.Layer):
    """A loop: each step of ``joined_p``, ``dense_h`` and ``y`` reads what steps before it gave."""

    def __init__(
        self,
        dense_h_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.dense_h_layer = dense_h_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.dense_h_layer.built:
            self.dense_h_layer.build((None, 6))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 5))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        control, joined = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            y, joined_p_before = carry
            (joined_now,) = now
            joined_p = y
            dense_h = self.dense_h_layer(
                ops.concatenate([joined_p_before, joined_p, joined_now], axis=-1),
            )
            y = self.dense_y_layer(dense_h)
            joined_p_before = joined_p
            carry = (y, joined_p_before)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (y, _) = ops.scan(
            step,
            (
                ops.zeros((ops.shape(control)[0], 1), self.compute_dtype),
                ops.zeros((ops.shape(control)[0], 1), self.compute_dtype),
            ),
            (ops.swapaxes(joined, 0, 1),),
        )
        return ops.swapaxes(y, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor(
            (inputs[0].shape[0], inputs[1].shape[1], 1),
            dtype=self.compute_dtype,
        )

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("dense_h_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "JoinedPLoop":
        for name in ("dense_h_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``control`` to a sequence ``y``.

          Y        Y        Y
          |        |        |
          H        H        H
         /|\      /|\      /|\
        p P |    p P |    p P |
          | U      | U      | U
          | |\     | |\     | |\
          | | \    | | \    | | \
          y x  X   y x  X   y x  X

        X = input(2, name=control)
        U = concat
        P = concat
        H = dense(5, tanh)
        Y = dense(1)

    Shapes, without the batch:
        input control: (3, 2) float32
        output y: (3, 1)
    """
    control = keras.Input(shape=(3, 2), name="control")
    cropped = layers.Cropping1D((0, 1))(control)
    padded = layers.ZeroPadding1D((1, 0))(cropped)
    joined = layers.Concatenate()([padded, control])
    y = JoinedPLoop(
        dense_h_layer=layers.Dense(5, activation="tanh", name="dense_h"),
        dense_y_layer=layers.Dense(1, name="dense_y"),
        name="joined_p_loop",
    )([control, joined])
    return keras.Model(inputs=control, outputs=y, name="forecast_narx")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
