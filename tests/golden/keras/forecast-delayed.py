"""Keras model forecast-delayed: many-to-many padded."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

            Y Y Y Y   dense(3)
            | | | |
        H-H-H-H-H-H   lstm(16)
        | | | |
        X X X X       input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (4, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 8), name="x"),
            layers.ZeroPadding1D((0, 2)),
            layers.LSTM(16, return_sequences=True, name="lstm_h"),
            layers.Cropping1D((2, 0)),
            layers.Dense(3, name="dense_y"),
        ],
        name="forecast_delayed",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
