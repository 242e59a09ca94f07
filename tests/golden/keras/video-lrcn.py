"""Keras model video-lrcn: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``frames`` to a vector ``m``.

            M       mean
            |
        +-+-+-+-+
        | | | | |
        Y Y Y Y Y   dense(6, softmax)
        | | | | |
        H H H H H   lstm(16)
        | | | | |
        F F F F F   dense(12, relu)
        | | | | |
        X X X X X   input(24, name=frames)

    Shapes, without the batch:
        input frames: (5, 24) float32
        output m: (6,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 24), name="frames"),
            layers.Dense(12, activation="relu", name="dense_f"),
            layers.LSTM(16, return_sequences=True, name="lstm_h"),
            layers.Dense(6, activation="softmax", name="dense_y"),
            layers.GlobalAveragePooling1D(),
        ],
        name="video_lrcn",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("m", model.output_shape)
