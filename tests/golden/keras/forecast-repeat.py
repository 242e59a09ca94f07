"""Keras model forecast-repeat: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                  Y Y Y   dense(2)
                  | | |
                  G-G-G   lstm(12)
                  | | |
                +-+-+-+
                |
        H-H-H-H-H         lstm(12)
        | | | | |
        X X X X X         input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (3, 2)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 2), name="x"),
            layers.LSTM(12, name="lstm_h"),
            layers.RepeatVector(3),
            layers.LSTM(12, return_sequences=True, name="lstm_g"),
            layers.Dense(2, name="dense_y"),
        ],
        name="forecast_repeat",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
