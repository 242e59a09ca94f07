"""Keras model strided-convolution: graph, bidirectional, convolutional, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   ... Y     dense(5, softmax)
        |       |
        H===...=H     gru(8)
        |       |
        F   ... F     conv(6, 3, relu)
        |       |
        X X ... X X   input(4)

    Shapes, without the batch:
        input x: (None, 4) float32
        output y: (None, 5)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 4), name="x"),
            layers.ZeroPadding1D((1, 1)),
            layers.Conv1D(6, 3, strides=2, activation="relu", name="conv_f"),
            layers.Bidirectional(layers.GRU(8, return_sequences=True), name="gru_h"),
            layers.Dense(5, activation="softmax", name="dense_y"),
        ],
        name="strided_convolution",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
