"""Keras model features: one-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a grid ``x`` to a vector ``v``.

        V   dense(8)
        |
        M   mean(grid)
        |
        C   conv2d(4, 3, relu, stride=2)
        |
        X   input(6, 6, 3)

    Shapes, without the batch:
        input x: (6, 6, 3) float32
        output v: (8,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 6, 3), name="x"),
            layers.ZeroPadding2D(((1, 1), (1, 1))),
            layers.Conv2D(4, 3, strides=2, activation="relu", name="conv2d_c"),
            layers.GlobalAveragePooling2D(name="pooled_m"),
            layers.Dense(8, name="dense_v"),
        ],
        name="features",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("v", model.output_shape)
