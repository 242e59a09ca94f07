"""Keras model length-front: graph, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y         dense(4, softmax)
        | |
        H-H-H-...   gru(8)
        | | |
        X X X ...   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (2, 4)
    """
    x = keras.Input(shape=(None, 3), name="x")
    gru_h = layers.GRU(8, return_sequences=True, name="gru_h")(x)
    y = layers.Dense(4, activation="softmax", name="dense_y")(gru_h[:, :2])
    return keras.Model(inputs=x, outputs=y, name="length_front")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
