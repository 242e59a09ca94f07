"""Keras model adding-problem-independent: many-to-one, stacked 2."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class IndependentCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell independent(units):
        h = relu(dense(x) + scale(h))
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
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
        self.h_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="h_bias",
        )
        self.h_scale = self.add_weight(
            shape=(units,),
            initializer="ones",
            name="h_scale",
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
        h = ops.relu(h_x + self.h_scale * h)
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

        cell independent(units):
            h = relu(dense(x) + scale(h))

                Y   dense(1)
                |
        G-G-G-G-G   independent(6)
        | | | | |
        H-H-H-H-H   independent(6)
        | | | | |
        X X X X X   input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 2), name="x"),
            CellRNN(IndependentCell(6), return_sequences=True, name="independent_h"),
            CellRNN(IndependentCell(6), name="independent_g"),
            layers.Dense(1, name="dense_y"),
        ],
        name="adding_problem_independent",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
