"""Keras model rnn-elman: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(1, sigmoid)
                |
        H-H-H-H-H   rnn(12, relu, bias=false)
        | | | | |
        X X X X X   input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 2), name="x"),
            layers.SimpleRNN(12, activation="relu", use_bias=False, name="rnn_h"),
            layers.Dense(1, activation="sigmoid", name="dense_y"),
        ],
        name="rnn_elman",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
