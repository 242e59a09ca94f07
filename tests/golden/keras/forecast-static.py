"""Keras model forecast-static: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector and a sequence to a vector.

                      Y   dense(1)
                      |
          H---H---H---H   lstm(16)
         /|  /|  /|  /|
        +-|-+-|-+-|-+ |
        | |   |   |   |
        S X   X   X   X

        S = input(5, name=static)
        X = input(3, name=series)

    Shapes, without the batch:
        input static: (5,) float32
        input series: (4, 3) float32
        output y: (1,)
    """
    static = keras.Input(shape=(5,), name="static")
    series = keras.Input(shape=(4, 3), name="series")
    repeated = layers.RepeatVector(4)(static)
    joined = layers.Concatenate()([repeated, series])
    lstm_h = layers.LSTM(16, name="lstm_h")(joined)
    y = layers.Dense(1, name="dense_y")(lstm_h)
    return keras.Model(inputs=[static, series], outputs=y, name="forecast_static")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
