"""Keras model one-to-many-first-step: one-to-many."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector ``x`` to a sequence ``y``.

        O O O O O   output
        | | | | |
        O-O-O-O-O   lstm(16)
        |
        O           input(8)

    Shapes, without the batch:
        input x: (8,) float32
        output y: (5, 16)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(8,), name="x"),
            layers.RepeatVector(1),
            layers.ZeroPadding1D((0, 4)),
            layers.LSTM(16, return_sequences=True, name="lstm"),
        ],
        name="one_to_many_first_step",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
