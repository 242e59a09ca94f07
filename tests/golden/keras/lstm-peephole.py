"""Keras model lstm-peephole: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class PeepholeCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell peephole(units):
        i = sigmoid(dense(x, h) + scale(c))
        f = sigmoid(dense(x, h) + scale(c))
        c = f * c + i * tanh(dense(x, h))
        o = sigmoid(dense(x, h) + scale(c))
        h = o * tanh(c)
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        self.i_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="i_x",
        )
        self.i_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="i_h",
        )
        self.i_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="i_bias",
        )
        self.i_scale = self.add_weight(
            shape=(units,),
            initializer="ones",
            name="i_scale",
        )
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
        self.f_scale = self.add_weight(
            shape=(units,),
            initializer="ones",
            name="f_scale",
        )
        self.c_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="c_x",
        )
        self.c_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="c_h",
        )
        self.c_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="c_bias",
        )
        self.o_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="o_x",
        )
        self.o_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="o_h",
        )
        self.o_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="o_bias",
        )
        self.o_scale = self.add_weight(
            shape=(units,),
            initializer="ones",
            name="o_scale",
        )
        self.built = True

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: (batch, features) and the states to the output and new states."""
        h, c = states
        part = ops.matmul(x, self.i_x) + self.i_bias + ops.matmul(h, self.i_h)
        i = ops.sigmoid(part + self.i_scale * c)
        part_2 = ops.matmul(x, self.f_x) + self.f_bias + ops.matmul(h, self.f_h)
        f = ops.sigmoid(part_2 + self.f_scale * c)
        part_3 = ops.matmul(x, self.c_x) + self.c_bias + ops.matmul(h, self.c_h)
        c = f * c + i * ops.tanh(part_3)
        part_4 = ops.matmul(x, self.o_x) + self.o_bias + ops.matmul(h, self.o_h)
        o = ops.sigmoid(part_4 + self.o_scale * c)
        h = o * ops.tanh(c)
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units}
        return {**super().get_config(), **own}


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

        cell peephole(units):
            i = sigmoid(dense(x, h) + scale(c))
            f = sigmoid(dense(x, h) + scale(c))
            c = f * c + i * tanh(dense(x, h))
            o = sigmoid(dense(x, h) + scale(c))
            h = o * tanh(c)

            Y   dense(1)
            |
        H-H-H   peephole(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 3), name="x"),
            layers.RNN(PeepholeCell(8), name="peephole_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="lstm_peephole",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
