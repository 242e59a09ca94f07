"""Keras model item: one-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector ``x`` to a vector ``v``.

        V   dense(4, tanh)
        |
        D   dense(8, relu)
        |
        X   input(6)

    Shapes, without the batch:
        input x: (6,) float32
        output v: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6,), name="x"),
            layers.Dense(8, activation="relu", name="dense_d"),
            layers.Dense(4, activation="tanh", name="dense_v"),
        ],
        name="item",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("v", model.output_shape)
