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

    def begin(self) -> None:
        """Before the steps: join the matrices that one state meets."""
        self.z_h_joined = ops.concatenate([self.z_h, self.r_h], axis=-1)

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        kernel = ops.concatenate([self.z_x, self.r_x, self.n_x], axis=-1)
        bias = ops.concatenate([self.z_bias, self.r_bias, self.n_bias], axis=-1)
        return ops.matmul(x, kernel) + bias

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        self.begin()
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        (h,) = states
        z_x, r_x, n_x = ops.split(x, 3, axis=-1)
        z_h, r_h = ops.split(ops.matmul(h, self.z_h_joined), 2, axis=-1)
        z = ops.sigmoid(z_x + z_h)
        r = ops.sigmoid(r_x + r_h)
        n = ops.tanh(n_x + ops.matmul(r * h, self.n_rh))
        h = z * h + (1 - z) * n
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
            CellRNN(GruBeforeCell(8), name="gru_before_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="gru_reset_before",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
