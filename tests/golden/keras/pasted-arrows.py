"""Keras model pasted-arrows: many-to-many aligned."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        O O O O   dense(5, softmax)
        ^ ^ ^ ^
        O>O>O>O   lstm(6)
        ^ ^ ^ ^
        O O O O   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 5)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 3), name="x"),
            layers.LSTM(6, return_sequences=True, name="lstm"),
            layers.Dense(5, activation="softmax", name="dense"),
        ],
        name="pasted_arrows",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
