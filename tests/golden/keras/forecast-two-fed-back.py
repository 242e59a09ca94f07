"""Keras model forecast-two-fed-back: many-to-many aligned, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="forecast_two_fed_back")
class DenseHLoop(layers.Layer):
    """A loop: each step of ``dense_h``, ``y`` and ``z`` reads what steps before it gave."""

    def __init__(
        self,
        dense_h_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        dense_z_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.dense_h_layer = dense_h_layer
        self.dense_y_layer = dense_y_layer
        self.dense_z_layer = dense_z_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.dense_h_layer.built:
            self.dense_h_layer.build((None, 6))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 8))
        if not self.dense_z_layer.built:
            self.dense_z_layer.build((None, 8))
        super().build(input_shape)

    def call(self, x: keras.KerasTensor) -> list[keras.KerasTensor]:
        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            y, z = carry
            (x_now,) = now
            dense_h = self.dense_h_layer(ops.concatenate([y, z, x_now], axis=-1))
            y = self.dense_y_layer(dense_h)
            z = self.dense_z_layer(dense_h)
            carry = (y, z)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (y, z) = ops.scan(
            step,
            (
                ops.zeros((ops.shape(x)[0], 1), self.compute_dtype),
                ops.zeros((ops.shape(x)[0], 2), self.compute_dtype),
            ),
            (ops.swapaxes(x, 0, 1),),
        )
        return [ops.swapaxes(y, 0, 1), ops.swapaxes(z, 0, 1)]

    def compute_output_spec(self, x: keras.KerasTensor) -> list[keras.KerasTensor]:
        return [
            keras.KerasTensor((x.shape[0], x.shape[1], 1), dtype=self.compute_dtype),
            keras.KerasTensor((x.shape[0], x.shape[1], 2), dtype=self.compute_dtype),
        ]

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("dense_h_layer", "dense_y_layer", "dense_z_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "DenseHLoop":
        for name in ("dense_h_layer", "dense_y_layer", "dense_z_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to sequences ``y`` and ``z``.

            Z     Z     Z     Z
            |     |     |     |
          Y |   Y |   Y |   Y |
          |/    |/    |/    |/
          H     H     H     H
         /|\   /|\   /|\   /|\
        y z X y z X y z X y z X

        X = input(3)
        H = dense(8, tanh)
        Y = dense(1)
        Z = dense(2)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 1)
        output z: (4, 2)
    """
    x = keras.Input(shape=(4, 3), name="x")
    y, z = DenseHLoop(
        dense_h_layer=layers.Dense(8, activation="tanh", name="dense_h"),
        dense_y_layer=layers.Dense(1, name="dense_y"),
        dense_z_layer=layers.Dense(2, name="dense_z"),
        name="dense_h_loop",
    )(x)
    return keras.Model(inputs=x, outputs=[y, z], name="forecast_two_fed_back")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["y", "z"], model.output_shape, strict=True):
        print(name, shape)
