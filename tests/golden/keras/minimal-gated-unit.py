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

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        kernel = ops.concatenate([self.f_x, self.n_x], axis=-1)
        bias = ops.concatenate([self.f_bias, self.n_bias], axis=-1)
        return ops.matmul(x, kernel) + bias

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        (h,) = states
        f_x, n_x = ops.split(x, 2, axis=-1)
        f = ops.sigmoid(f_x + ops.matmul(h, self.f_h))
        n = ops.tanh(n_x + ops.matmul(f * h, self.n_fh))
        h = (1 - f) * h + f * n
        return h, [h]

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
            CellRNN(MguCell(64), name="mgu_h"),
            layers.Dense(10, activation="softmax", name="dense_y"),
        ],
        name="minimal_gated_unit",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
