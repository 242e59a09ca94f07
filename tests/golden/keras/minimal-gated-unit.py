"""Keras model minimal-gated-unit: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class MguCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell mgu(units):
        f = sigmoid(dense(x, h))
        n = tanh(dense(x, f * h))
        h = (1 - f) * h + f * n
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units]
        self.output_size = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        self.f_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="f_x",
        )
        self.f_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="f_h",
        )
        self.f_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="f_bias",
        )
        self.n_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="n_x",
        )
        self.n_fh = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="n_fh",
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
        f = ops.sigmoid(ops.matmul(x, self.f_x) + self.f_bias + ops.matmul(h, self.f_h))
        part = ops.matmul(x, self.n_x) + self.n_bias + ops.matmul(f * h, self.n_fh)
        n = ops.tanh(part)
        h = (1 - f) * h + f * n
        return h, [h]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units}
        return {**super().get_config(), **own}


def build_model(n: int = 28) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

        cell mgu(units):
            f = sigmoid(dense(x, h))
            n = tanh(dense(x, f * h))
            h = (1 - f) * h + f * n

                  Y   dense(10, softmax)
                  |
        H H ..n.. H   mgu(64)
        | |       |
        X X  ...  X   input(28)

        n = 28

    Shapes, without the batch:
        input x: (n, 28) float32
        output y: (10,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(n, 28), name="x"),
            layers.RNN(MguCell(64), name="mgu_h"),
            layers.Dense(10, activation="softmax", name="dense_y"),
        ],
        name="minimal_gated_unit",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
