"""Keras model named-length: many-to-one."""

import keras
from keras import layers


def build_model(n: int = 100) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                    O   dense(1, sigmoid)
                    |
        H H ..n.. H H
        | |       | |
        X X ..n.. X X

        X = input(4)
        H = lstm(12)
        n = 100

    Shapes, without the batch:
        input x: (n, 4) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(n, 4), name="x"),
            layers.LSTM(12, name="lstm_h"),
            layers.Dense(1, activation="sigmoid", name="dense"),
        ],
        name="named_length",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
