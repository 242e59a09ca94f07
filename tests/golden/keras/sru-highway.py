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

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: (batch, features) and the states to the output and new states."""
        h, c = states
        f = ops.sigmoid(ops.matmul(x, self.f_x) + self.f_bias + self.f_scale * c)
        r = ops.sigmoid(ops.matmul(x, self.r_x) + self.r_bias + self.r_scale * c)
        c = f * c + (1 - f) * ops.matmul(x, self.c_x)
        h = r * c + (1 - r) * x
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units}
        return {**super().get_config(), **own}


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
    sru_h = layers.RNN(SruCell(8), name="sru_h")(embedding_w, mask=mask)
    y = layers.Dense(2, activation="softmax", name="dense_y")(sru_h)
    return keras.Model(inputs=x, outputs=y, name="sru_highway")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
