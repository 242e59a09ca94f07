"""Keras model encoder-decoder: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                    O O O   dense(1)
                    | | |
                    O-O-O   lstm(16)
                    | | |
                  +-+-+-+
                  |
        O-O-O-O-O-O         lstm(16)
        | | | | | |
        O O O O O O         input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (3, 1)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 8), name="x"),
            layers.LSTM(16, name="lstm_1"),
            layers.RepeatVector(3),
            layers.LSTM(16, return_sequences=True, name="lstm_2"),
            layers.Dense(1, name="dense"),
        ],
        name="encoder_decoder",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
