"""Keras model forecast-static-initial-state: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector and a sequence to a vector.

                  Y   dense(1)
                  |
        +---H-H-H-H   lstm(16)
        |   | | | |
        F   | | | |
        |   | | | |
        S   X X X X

        S = input(5, name=static)
        F = dense(16, tanh)
        X = input(3, name=series)

    Shapes, without the batch:
        input static: (5,) float32
        input series: (4, 3) float32
        output y: (1,)
    """
    static = keras.Input(shape=(5,), name="static")
    series = keras.Input(shape=(4, 3), name="series")
    dense_f = layers.Dense(16, activation="tanh", name="dense_f")(static)
    lstm_h = layers.LSTM(16, name="lstm_h")(series, initial_state=[dense_f, dense_f])
    y = layers.Dense(1, name="dense_y")(lstm_h)
    return keras.Model(
        inputs=[static, series],
        outputs=y,
        name="forecast_static_initial_state",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
