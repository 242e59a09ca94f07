"""Keras model text-quasi-recurrent: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class FoPoolingCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell fo_pooling(units):
        z, f, o = split(dense(x, features=3 * units), 3)
        k = sigmoid(f)
        c = k * c + (1 - k) * tanh(z)
        h = sigmoid(o) * c
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units, units]
        self.output_size = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        self.zfo_x = self.add_weight(
            shape=(features, 3 * units),
            initializer="glorot_uniform",
            name="zfo_x",
        )
        self.zfo_bias = self.add_weight(
            shape=(3 * units,),
            initializer="zeros",
            name="zfo_bias",
        )
        self.built = True

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        z, f, o = ops.split(ops.matmul(x, self.zfo_x) + self.zfo_bias, 3, axis=-1)
        k = ops.sigmoid(f)
        return ops.concatenate([z, o, k], axis=-1)

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        h, c = states
        z, o, k = ops.split(x, 3, axis=-1)
        c = k * c + (1 - k) * ops.tanh(z)
        h = ops.sigmoid(o) * c
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

        cell fo_pooling(units):
            z, f, o = split(dense(x, features=3 * units), 3)
            k = sigmoid(f)
            c = k * c + (1 - k) * tanh(z)
            h = sigmoid(o) * c

                        Y   dense(2, softmax)
                        |
        H---H---H---H---H   fo_pooling(6)
        |  /|  /|  /|  /|
        | / | / | / | / |
        |/  |/  |/  |/  |
        W   W   W   W   W   embedding(5)
        |   |   |   |   |
        X   X   X   X   X   tokens(20)

    Shapes, without the batch:
        input x: (5,) int32
        output y: (2,)
    """
    x = keras.Input(shape=(5,), dtype="int32", name="x")
    embedding_w = layers.Embedding(20, 5, name="embedding_w")(x)
    cropped = layers.Cropping1D((0, 1))(embedding_w)
    padded = layers.ZeroPadding1D((1, 0))(cropped)
    joined = layers.Concatenate()([padded, embedding_w])
    fo_pooling_h = CellRNN(FoPoolingCell(6), name="fo_pooling_h")(joined)
    y = layers.Dense(2, activation="softmax", name="dense_y")(fo_pooling_h)
    return keras.Model(inputs=x, outputs=y, name="text_quasi_recurrent")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
