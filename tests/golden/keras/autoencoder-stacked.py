"""Keras model autoencoder-stacked: encoder-decoder, stacked 2."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                Y Y Y Y   dense(3)
                | | | |
                O O O O   lstm(16)
                | | | |
                O O O O   lstm(8)
                | | | |
              +-+-+-+-+
              |
        O O O O           lstm(8)
        | | | |
        O O O O           lstm(16)
        | | | |
        X X X X           input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 3), name="x"),
            layers.LSTM(16, return_sequences=True, name="lstm_1"),
            layers.LSTM(8, name="lstm_2"),
            layers.RepeatVector(4),
            layers.LSTM(8, return_sequences=True, name="lstm_3"),
            layers.LSTM(16, return_sequences=True, name="lstm_4"),
            layers.Dense(3, name="dense_y"),
        ],
        name="autoencoder_stacked",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
