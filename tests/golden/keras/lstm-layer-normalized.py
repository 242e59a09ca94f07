"""Keras model lstm-layer-normalized: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class NormLstmCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell norm_lstm(units):
        i, f, g, o = split(layernorm(dense(x, h, features=4 * units)), 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(layernorm(c))
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        self.ifgo_norm_gamma = self.add_weight(
            shape=(4 * units,),
            initializer="ones",
            name="ifgo_norm_gamma",
        )
        self.ifgo_norm_beta = self.add_weight(
            shape=(4 * units,),
            initializer="zeros",
            name="ifgo_norm_beta",
        )
        self.ifgo_x = self.add_weight(
            shape=(features, 4 * units),
            initializer="glorot_uniform",
            name="ifgo_x",
        )
        self.ifgo_h = self.add_weight(
            shape=(units, 4 * units),
            initializer="glorot_uniform",
            name="ifgo_h",
        )
        self.ifgo_bias = self.add_weight(
            shape=(4 * units,),
            initializer="zeros",
            name="ifgo_bias",
        )
        self.h_norm_gamma = self.add_weight(
            shape=(units,),
            initializer="ones",
            name="h_norm_gamma",
        )
        self.h_norm_beta = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="h_norm_beta",
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
        part = ifgo_x + ops.matmul(h, self.ifgo_h)
        i, f, g, o = ops.split(
            ops.layer_normalization(
                part,
                self.ifgo_norm_gamma,
                self.ifgo_norm_beta,
                epsilon=1e-5,
            ),
            4,
            axis=-1,
        )
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        part_2 = ops.sigmoid(o)
        h = part_2 * ops.tanh(
            ops.layer_normalization(
                c,
                self.h_norm_gamma,
                self.h_norm_beta,
                epsilon=1e-5,
            ),
        )
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

        cell norm_lstm(units):
            i, f, g, o = split(layernorm(dense(x, h, features=4 * units)), 4)
            c = sigmoid(f) * c + sigmoid(i) * tanh(g)
            h = sigmoid(o) * tanh(layernorm(c))

            Y   dense(1)
            |
        H-H-H   norm_lstm(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 3), name="x"),
            CellRNN(NormLstmCell(8), name="norm_lstm_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="lstm_layer_normalized",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
