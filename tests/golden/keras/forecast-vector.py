"""Keras model forecast-vector: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(3)
                |
        H H H H H   lstm(16, activation=relu)
        | | | | |
        X X X X X   input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (3,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 2), name="x"),
            layers.LSTM(16, activation="relu", name="lstm_h"),
            layers.Dense(3, name="dense_y"),
        ],
        name="forecast_vector",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
