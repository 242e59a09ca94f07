"""Keras model forecast-split: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                Y Y Y   split
                | | |
                +-+-+
                |
                D       dense(6)
                |
        H H H H H       lstm(16)
        | | | | |
        X X X X X       input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (3, 2)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 2), name="x"),
            layers.LSTM(16, name="lstm_h"),
            layers.Dense(6, name="dense_d"),
            layers.Reshape((3, 2), name="split_y"),
        ],
        name="forecast_split",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
