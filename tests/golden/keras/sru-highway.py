"""Keras model sru-highway: many-to-one, masked, variable length."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class SruCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell sru(units):
        f = sigmoid(dense(x) + scale(c))
        r = sigmoid(dense(x) + scale(c))
        c = f * c + (1 - f) * dense(x, bias=false)
        h = r * c + (1 - r) * x
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.features = input_shape[-1]
        units = self.units
        self.f_x = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="f_x",
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
        self.r_x = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="r_x",
        )
        self.r_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="r_bias",
        )
        self.r_scale = self.add_weight(
            shape=(units,),
            initializer="ones",
            name="r_scale",
        )
        self.c_x = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="c_x",
        )
        self.built = True

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        kernel = ops.concatenate([self.f_x, self.r_x], axis=-1)
        bias = ops.concatenate([self.f_bias, self.r_bias], axis=-1)
        projected = ops.matmul(x, kernel) + bias
        projected_2 = ops.matmul(x, self.c_x)
        return ops.concatenate([x, projected, projected_2], axis=-1)

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        h, c = states
        x, f_x, r_x, c_x = ops.split(
            x,
            [self.features, self.features + self.units, self.features + 2 * self.units],
            axis=-1,
        )
        f = ops.sigmoid(f_x + self.f_scale * c)
        r = ops.sigmoid(r_x + self.r_scale * c)
        c = f * c + (1 - f) * c_x
        h = r * c + (1 - r) * x
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

        cell sru(units):
            f = sigmoid(dense(x) + scale(c))
            r = sigmoid(dense(x) + scale(c))
            c = f * c + (1 - f) * dense(x, bias=false)
            h = r * c + (1 - r) * x

                Y   dense(2, softmax)
                |
        H H ... H   sru(8)
        | |     |
        W W ... W   embedding(8, mask=true)
        | |     |
        X X ... X   tokens(50)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (2,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_w = layers.Embedding(50, 8, name="embedding_w")(x)
    sru_h = CellRNN(SruCell(8), name="sru_h")(embedding_w, mask=mask)
    y = layers.Dense(2, activation="softmax", name="dense_y")(sru_h)
    return keras.Model(inputs=x, outputs=y, name="sru_highway")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
