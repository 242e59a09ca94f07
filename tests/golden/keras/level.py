"""Keras model level: many-to-many aligned, convolutional, variable length."""

import keras
from keras import layers


def build_model(filters: int = 4) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``d``.

        D ... D   conv(filters, 3, relu)
        |     |
        C ... C   conv(filters, 3, relu)
        |     |
        X ... X   input(filters)

        filters = 4

    Shapes, without the batch:
        input x: (None, filters) float32
        output d: (None, filters)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, filters), name="x"),
            layers.Conv1D(filters, 3, padding="same", activation="relu", name="conv_c"),
            layers.Conv1D(filters, 3, padding="same", activation="relu", name="conv_d"),
        ],
        name="level",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("d", model.output_shape)
