"""Keras model many-to-many-aligned: many-to-many aligned."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        O O O O O O   output
        | | | | | |
        O O O O O O   lstm(16)
        | | | | | |
        O O O O O O   input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (6, 16)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 8), name="x"),
            layers.LSTM(16, return_sequences=True, name="lstm"),
        ],
        name="many_to_many_aligned",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
