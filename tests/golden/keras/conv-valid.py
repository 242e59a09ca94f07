"""Keras model conv-valid: many-to-one, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

            Y       dense(2)
            |
          +-+-+
          | | |
          F F F     conv(8, 3, relu)
          | | |
        X X X X X   input(4)

    Shapes, without the batch:
        input x: (5, 4) float32
        output y: (2,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 4), name="x"),
            layers.Conv1D(8, 3, activation="relu", name="conv_f"),
            layers.Flatten(),
            layers.Dense(2, name="dense_y"),
        ],
        name="conv_valid",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
