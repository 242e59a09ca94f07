"""Keras model frame: one-to-one."""

import keras
from keras import layers


def build_model(filters: int = 4) -> keras.Model:
    """Build a model that maps a grid ``x`` to a vector ``d``.

        D   dense(6, relu)
        |
        F   flatten
        |
        P   maxpool2d(2)
        |
        C   conv2d(filters, 3, relu)
        |
        X   input(6, 6, 1)

        filters = 4

    Shapes, without the batch:
        input x: (6, 6, 1) float32
        output d: (6,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 6, 1), name="x"),
            layers.Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                name="conv2d_c",
            ),
            layers.MaxPooling2D(2, name="pooled_p"),
            layers.Flatten(name="flat_f"),
            layers.Dense(6, activation="relu", name="dense_d"),
        ],
        name="frame",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("d", model.output_shape)
