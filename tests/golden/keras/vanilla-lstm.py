"""Keras model vanilla-lstm: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                  O   dense(3)
                  |
        O O O O O O   lstm(16)
        | | | | | |
        O O O O O O   input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (3,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 8), name="x"),
            layers.LSTM(16, name="lstm"),
            layers.Dense(3, name="dense"),
        ],
        name="vanilla_lstm",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
