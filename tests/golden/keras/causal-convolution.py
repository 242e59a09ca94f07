"""Keras model causal-convolution: many-to-many aligned, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y Y Y Y Y   dense(16, relu)
        |/|/|/|/|/|
        X X X X X X   input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (6, 16)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 8), name="x"),
            layers.Conv1D(16, 2, padding="causal", activation="relu", name="conv_y"),
        ],
        name="causal_convolution",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
