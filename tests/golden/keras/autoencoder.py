"""Keras model autoencoder: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                Y Y Y Y   dense(3)
                | | | |
                D-D-D-D   lstm(8, name=decoder)
                | | | |
              +-+-+-+-+
              |
        E-E-E-E           lstm(8, name=encoder)
        | | | |
        X X X X           input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 3), name="x"),
            layers.LSTM(8, name="encoder"),
            layers.RepeatVector(4),
            layers.LSTM(8, return_sequences=True, name="decoder"),
            layers.Dense(3, name="dense_y"),
        ],
        name="autoencoder",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
