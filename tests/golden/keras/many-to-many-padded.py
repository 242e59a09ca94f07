"""Keras model many-to-many-padded: many-to-many padded."""

import keras
from keras import layers


def build_model(features: int = 1, units: int = 32) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

              O O O
              | | |
        O O O O O O
        | | |
        O O O

    Shapes, without the batch:
        input x: (3, features) float32
        output y: (3, units)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, features), name="x"),
            layers.ZeroPadding1D((0, 3)),
            layers.LSTM(units, return_sequences=True, name="lstm"),
            layers.Cropping1D((3, 0)),
        ],
        name="many_to_many_padded",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
