"""Keras model leaky-units: many-to-many aligned."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class LeakyCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell leaky(units, rate=0.2):
        h = (1 - rate) * h + rate * relu(dense(x, h))
    """

    def __init__(self, units: int, rate: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate
        self.state_size = [units]
        self.output_size = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        self.h_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="h_x",
        )
        self.h_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="h_h",
        )
        self.h_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="h_bias",
        )
        self.built = True

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        return ops.matmul(x, self.h_x) + self.h_bias

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        (h,) = states
        h_x = x
        h = (1 - self.rate) * h + self.rate * ops.relu(h_x + ops.matmul(h, self.h_h))
        return h, [h]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units, "rate": self.rate}
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
    """Build a model that maps a sequence ``stimulus`` to a sequence ``y``.

        cell leaky(units, rate=0.2):
            h = (1 - rate) * h + rate * relu(dense(x, h))

        Y Y Y Y Y   dense(3)
        | | | | |
        H-H-H-H-H   leaky(7)
        | | | | |
        X X X X X   input(4, name=stimulus)

    Shapes, without the batch:
        input stimulus: (5, 4) float32
        output y: (5, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 4), name="stimulus"),
            CellRNN(LeakyCell(7, rate=0.2), return_sequences=True, name="leaky_h"),
            layers.Dense(3, name="dense_y"),
        ],
        name="leaky_units",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
