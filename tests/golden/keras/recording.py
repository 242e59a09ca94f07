"""Keras model recording: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``v``.

              V   dense(4, relu)
              |
        H H H H   lstm(5)
        | | | |
        X X X X   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output v: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 3), name="x"),
            layers.LSTM(5, name="lstm_h"),
            layers.Dense(4, activation="relu", name="dense_v"),
        ],
        name="recording",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("v", model.output_shape)
