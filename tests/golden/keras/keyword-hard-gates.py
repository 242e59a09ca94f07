"""Keras model keyword-hard-gates: many-to-one, convolutional, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(4, softmax)
                |
                D   dense(8, relu6)
                |
        H H ... H   lstm(16, activation=softsign, recurrent_activation=hard_sigmoid)
        | |     |
        F F ... F   conv(8, 3, leaky_relu)
        | |     |
        X X ... X   input(10)

    Shapes, without the batch:
        input x: (None, 10) float32
        output y: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 10), name="x"),
            layers.Conv1D(
                8,
                3,
                padding="same",
                activation=layers.LeakyReLU(negative_slope=0.01),
                name="conv_f",
            ),
            layers.LSTM(
                16,
                activation="softsign",
                recurrent_activation="hard_sigmoid",
                name="lstm_h",
            ),
            layers.Dense(8, activation="relu6", name="dense_d"),
            layers.Dense(4, activation="softmax", name="dense_y"),
        ],
        name="keyword_hard_gates",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
