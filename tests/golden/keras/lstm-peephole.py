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

    def begin(self) -> None:
        """Before the steps: join the matrices that one state meets."""
        self.i_h_joined = ops.concatenate(
            [self.i_h, self.f_h, self.c_h, self.o_h],
            axis=-1,
        )

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        kernel = ops.concatenate([self.i_x, self.f_x, self.c_x, self.o_x], axis=-1)
        bias = ops.concatenate(
            [self.i_bias, self.f_bias, self.c_bias, self.o_bias],
            axis=-1,
        )
        return ops.matmul(x, kernel) + bias

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        self.begin()
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        h, c = states
        i_x, f_x, c_x, o_x = ops.split(x, 4, axis=-1)
        i_h, f_h, c_h, o_h = ops.split(ops.matmul(h, self.i_h_joined), 4, axis=-1)
        i = ops.sigmoid(i_x + i_h + self.i_scale * c)
        f = ops.sigmoid(f_x + f_h + self.f_scale * c)
        c = f * c + i * ops.tanh(c_x + c_h)
        o = ops.sigmoid(o_x + o_h + self.o_scale * c)
        h = o * ops.tanh(c)
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable()
class CellRNN(layers.RNN):
    """Has its cell compute what it can before the loop over the steps."""

    def call(
        self,
        sequences: keras.KerasTensor,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
    ) -> Any:
        sequences = self.cell.ahead(sequences, training)
        return super().call(sequences, initial_state, mask, training)


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
            CellRNN(PeepholeCell(8), name="peephole_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="lstm_peephole",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
