"""Keras model conv-drawn-stride: many-to-one, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                      Y   dense(1)
                      |
          H---H---H---H   gru(10)
          |   |   |   |
          F   F   F   F   dense(6, relu)
         /|  /|  /|  /|
        X X X X X X X X   input(3)

    Shapes, without the batch:
        input x: (8, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(8, 3), name="x"),
            layers.Conv1D(6, 2, strides=2, activation="relu", name="conv_f"),
            layers.GRU(10, name="gru_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="conv_drawn_stride",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
