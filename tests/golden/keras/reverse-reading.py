"""Keras model reverse-reading: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

        Y               dense(1, sigmoid)
        |
        +---H<H<H<H<H   lstm(12)
            | | | | |
            X X X X X   input(3)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 3), name="x"),
            layers.LSTM(12, go_backwards=True, name="lstm_h"),
            layers.Dense(1, activation="sigmoid", name="dense_y"),
        ],
        name="reverse_reading",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
