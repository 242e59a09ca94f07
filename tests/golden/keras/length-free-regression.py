"""Keras model length-free-regression: many-to-one, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                  Y   dense(1)
                  |
        H-H-...-H-H   gru(12)
        | |     | |
        X X ... X X   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 3), name="x"),
            layers.GRU(12, name="gru_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="length_free_regression",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
