"""Keras model two-heads: graph."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence to a sequence and a vector.

                    Z
                    |
        Y Y Y Y Y   |
        | | | | |   |
        H-H-H-H-H---+
        | | | | |
        X X X X X

        X = input(8)
        H = gru(16)
        Y = dense(4, softmax)
        Z = dense(2, softmax)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (5, 4)
        output z: (2,)
    """
    x = keras.Input(shape=(5, 8), name="x")
    gru_h = layers.GRU(16, return_sequences=True, name="gru_h")(x)
    y = layers.Dense(4, activation="softmax", name="dense_y")(gru_h)
    z = layers.Dense(2, activation="softmax", name="dense_z")(gru_h[:, -1])
    return keras.Model(inputs=x, outputs=[y, z], name="two_heads")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["y", "z"], model.output_shape, strict=True):
        print(name, shape)
