"""Keras model karpathy-one-to-one: one-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector ``x`` to a vector ``y``.

        O   dense(4)
        |
        O   dense(10, relu)
        |
        O   input(8)

    Shapes, without the batch:
        input x: (8,) float32
        output y: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(8,), name="x"),
            layers.Dense(10, activation="relu", name="dense_1"),
            layers.Dense(4, name="dense_2"),
        ],
        name="karpathy_one_to_one",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
