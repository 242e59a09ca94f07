"""Keras model forecast-jordan: many-to-many aligned, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="forecast_jordan")
class DenseHLoop(layers.Layer):
    """A loop: each step of ``dense_h`` and ``y`` reads what steps before it gave."""

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
            self.dense_h_layer.build((None, 5))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 5))
        super().build(input_shape)

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            (y,) = carry
            (x_now,) = now
            dense_h = self.dense_h_layer(ops.concatenate([y, x_now], axis=-1))
            y = self.dense_y_layer(dense_h)
            carry = (y,)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (y,) = ops.scan(
            step,
            (ops.zeros((ops.shape(x)[0], 2), self.compute_dtype),),
            (ops.swapaxes(x, 0, 1),),
        )
        return ops.swapaxes(y, 0, 1)

    def compute_output_spec(self, x: keras.KerasTensor) -> keras.KerasTensor:
        return keras.KerasTensor((x.shape[0], x.shape[1], 2), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("dense_h_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "DenseHLoop":
        for name in ("dense_h_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

          Y   Y   Y   Y   dense(2, sigmoid)
          |   |   |   |
          H   H   H   H   dense(5, tanh)
         /|  /|  /|  /|
        y X y X y X y X   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 2)
    """
    x = keras.Input(shape=(4, 3), name="x")
    y = DenseHLoop(
        dense_h_layer=layers.Dense(5, activation="tanh", name="dense_h"),
        dense_y_layer=layers.Dense(2, activation="sigmoid", name="dense_y"),
        name="dense_h_loop",
    )(x)
    return keras.Model(inputs=x, outputs=y, name="forecast_jordan")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
