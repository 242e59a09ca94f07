"""Keras model gru-reset-before: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class GruBeforeCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell gru_before(units):
        z = sigmoid(dense(x, h))
        r = sigmoid(dense(x, h))
        n = tanh(dense(x, r * h))
        h = z * h + (1 - z) * n
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units]
        self.output_size = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        self.z_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="z_x",
        )
        self.z_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="z_h",
        )
        self.z_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="z_bias",
        )
        self.r_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="r_x",
        )
        self.r_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="r_h",
        )
        self.r_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="r_bias",
        )
        self.n_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="n_x",
        )
        self.n_rh = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="n_rh",
        )
        self.n_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="n_bias",
        )
        self.built = True

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: (batch, features) and the states to the output and new states."""
        (h,) = states
        z = ops.sigmoid(ops.matmul(x, self.z_x) + self.z_bias + ops.matmul(h, self.z_h))
        r = ops.sigmoid(ops.matmul(x, self.r_x) + self.r_bias + ops.matmul(h, self.r_h))
        part = ops.matmul(x, self.n_x) + self.n_bias + ops.matmul(r * h, self.n_rh)
        n = ops.tanh(part)
        h = z * h + (1 - z) * n
        return h, [h]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units}
        return {**super().get_config(), **own}


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

        cell gru_before(units):
            z = sigmoid(dense(x, h))
            r = sigmoid(dense(x, h))
            n = tanh(dense(x, r * h))
            h = z * h + (1 - z) * n

            Y   dense(1)
            |
        H-H-H   gru_before(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 3), name="x"),
            layers.RNN(GruBeforeCell(8), name="gru_before_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="gru_reset_before",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
