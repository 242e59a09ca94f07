"""Keras model lstm-projected: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class LstmpCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell lstmp(units, size):
        i, f, g, o = split(dense(x, h, features=4 * units), 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = dense(sigmoid(o) * tanh(c), features=size, bias=false)
    """

    def __init__(self, units: int, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.size = size
        self.state_size = [size, units]
        self.output_size = size

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        size = self.size
        self.ifgo_x = self.add_weight(
            shape=(features, 4 * units),
            initializer="glorot_uniform",
            name="ifgo_x",
        )
        self.ifgo_h = self.add_weight(
            shape=(size, 4 * units),
            initializer="glorot_uniform",
            name="ifgo_h",
        )
        self.ifgo_bias = self.add_weight(
            shape=(4 * units,),
            initializer="zeros",
            name="ifgo_bias",
        )
        self.h_oc = self.add_weight(
            shape=(units, size),
            initializer="glorot_uniform",
            name="h_oc",
        )
        self.built = True

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        return ops.matmul(x, self.ifgo_x) + self.ifgo_bias

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        h, c = states
        ifgo_x = x
        i, f, g, o = ops.split(ifgo_x + ops.matmul(h, self.ifgo_h), 4, axis=-1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.matmul(ops.sigmoid(o) * ops.tanh(c), self.h_oc)
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units, "size": self.size}
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

        cell lstmp(units, size):
            i, f, g, o = split(dense(x, h, features=4 * units), 4)
            c = sigmoid(f) * c + sigmoid(i) * tanh(g)
            h = dense(sigmoid(o) * tanh(c), features=size, bias=false)

            Y   dense(1)
            |
        H-H-H   lstmp(8, 3)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 3), name="x"),
            CellRNN(LstmpCell(8, 3), name="lstmp_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="lstm_projected",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
