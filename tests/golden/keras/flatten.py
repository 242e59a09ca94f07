"""Keras model flatten: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

            Y       dense(3)
            |
        +-+-+-+-+
        | | | | |
        X X X X X   input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (3,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 8), name="x"),
            layers.Flatten(),
            layers.Dense(3, name="dense_y"),
        ],
        name="flatten",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
