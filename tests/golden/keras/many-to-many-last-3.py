"""Keras model many-to-many-last-3: many-to-many last N."""

import keras
from keras import layers


def build_model(features: int = 1, units: int = 32) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

              O O O
              | | |
        O O O O O O
        | | | | | |
        O O O O O O

    Shapes, without the batch:
        input x: (6, features) float32
        output y: (3, units)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, features), name="x"),
            layers.LSTM(units, return_sequences=True, name="lstm"),
            layers.Cropping1D((3, 0)),
        ],
        name="many_to_many_last_3",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
