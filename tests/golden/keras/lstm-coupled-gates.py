"""Keras model lstm-coupled-gates: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class CoupledCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell coupled(units):
        f = sigmoid(dense(x, h))
        o = sigmoid(dense(x, h))
        c = f * c + (1 - f) * tanh(dense(x, h))
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
        self.built = True

    def begin(self) -> None:
        """Before the steps: join the matrices that one state meets."""
        self.f_h_joined = ops.concatenate([self.f_h, self.o_h, self.c_h], axis=-1)

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        kernel = ops.concatenate([self.f_x, self.o_x, self.c_x], axis=-1)
        bias = ops.concatenate([self.f_bias, self.o_bias, self.c_bias], axis=-1)
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
        f_x, o_x, c_x = ops.split(x, 3, axis=-1)
        f_h, o_h, c_h = ops.split(ops.matmul(h, self.f_h_joined), 3, axis=-1)
        f = ops.sigmoid(f_x + f_h)
        o = ops.sigmoid(o_x + o_h)
        c = f * c + (1 - f) * ops.tanh(c_x + c_h)
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

        cell coupled(units):
            f = sigmoid(dense(x, h))
            o = sigmoid(dense(x, h))
            c = f * c + (1 - f) * tanh(dense(x, h))
            h = o * tanh(c)

            Y   dense(1)
            |
        H-H-H   coupled(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 3), name="x"),
            CellRNN(CoupledCell(8), name="coupled_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="lstm_coupled_gates",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
