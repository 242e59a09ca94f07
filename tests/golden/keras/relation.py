"""Keras model relation: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``v``.

          V   dense(5, relu)
          |
        +-+
        | |
        X X   input(4)

    Shapes, without the batch:
        input x: (2, 4) float32
        output v: (5,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(2, 4), name="x"),
            layers.Flatten(),
            layers.Dense(5, activation="relu", name="dense_v"),
        ],
        name="relation",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("v", model.output_shape)
