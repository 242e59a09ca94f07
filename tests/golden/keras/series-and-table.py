"""Keras model series-and-table: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence and a vector to a vector.

                Y     dense(1)
                |
                Q     dense(10, relu)
                |
              +-+-+
              |   |
        H-H-H-H   F
        | | | |   |
        X X X X   S

        X = input(3, name=series)
        S = input(5, name=table)
        H = gru(8)
        F = dense(6, relu)

    Shapes, without the batch:
        input series: (4, 3) float32
        input table: (5,) float32
        output y: (1,)
    """
    series = keras.Input(shape=(4, 3), name="series")
    table = keras.Input(shape=(5,), name="table")
    gru_h = layers.GRU(8, name="gru_h")(series)
    dense_f = layers.Dense(6, activation="relu", name="dense_f")(table)
    joined = layers.Concatenate()([gru_h, dense_f])
    dense_q = layers.Dense(10, activation="relu", name="dense_q")(joined)
    y = layers.Dense(1, name="dense_y")(dense_q)
    return keras.Model(inputs=[series, table], outputs=y, name="series_and_table")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
