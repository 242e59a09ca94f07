"""Keras model late-fusion: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences and a vector to a vector.

                    Y           dense(6, softmax)
                    |
                    Q           dense(12, relu)
                    |
            +-------+---+---+
            |           |   |
        H-H-H   K-K-K-K-K   |
        | | |   | | | | |   |
        X X X   Z Z Z Z Z   S

        X = input(2, name=gyroscope)
        Z = input(3, name=accelerometer)
        S = input(4, name=person)
        H = gru(8)
        K = gru(10)

    Shapes, without the batch:
        input gyroscope: (3, 2) float32
        input accelerometer: (5, 3) float32
        input person: (4,) float32
        output y: (6,)
    """
    gyroscope = keras.Input(shape=(3, 2), name="gyroscope")
    accelerometer = keras.Input(shape=(5, 3), name="accelerometer")
    person = keras.Input(shape=(4,), name="person")
    gru_h = layers.GRU(8, name="gru_h")(gyroscope)
    gru_k = layers.GRU(10, name="gru_k")(accelerometer)
    joined = layers.Concatenate()([gru_h, gru_k, person])
    dense_q = layers.Dense(12, activation="relu", name="dense_q")(joined)
    y = layers.Dense(6, activation="softmax", name="dense_y")(dense_q)
    return keras.Model(
        inputs=[gyroscope, accelerometer, person],
        outputs=y,
        name="late_fusion",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
