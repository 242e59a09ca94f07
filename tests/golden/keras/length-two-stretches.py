"""Keras model length-two-stretches: many-to-one."""

import keras
from keras import layers


def build_model(n: int = 9) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                  Y           dense(3, softmax)
                  |
        +---------+-------+
        |                 |
        H H ..n.. H H H H H   gru(8)
        | |       | | | | |
        X X ..n.. X X X X X   input(4)

        n = 9

    Shapes, without the batch:
        input x: (n, 4) float32
        output y: (3,)
    """
    x = keras.Input(shape=(n, 4), name="x")
    gru_h = layers.GRU(8, return_sequences=True, name="gru_h")(x)
    joined = layers.Concatenate()([gru_h[:, 0], gru_h[:, -1]])
    y = layers.Dense(3, activation="softmax", name="dense_y")(joined)
    return keras.Model(inputs=x, outputs=y, name="length_two_stretches")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
