"""Keras model text-conv-pool-lstm: many-to-one, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a vector ``y``.

                          Y     dense(1, sigmoid)
                          |
          H-------H-------H     lstm(12)
          |       |       |
          M       M       M     max
         / \     / \     / \
        F   F   F   F   F   F   conv(10, 3, relu)
        |   |   |   |   |   |
        W   W   W   W   W   W   embedding(8)
        |   |   |   |   |   |
        X   X   X   X   X   X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output y: (1,)
    """
    x = keras.Input(shape=(6,), dtype="int32", name="x")
    embedding_w = layers.Embedding(30, 8, name="embedding_w")(x)
    conv_f = layers.Conv1D(
        10,
        3,
        padding="same",
        activation="relu",
        name="conv_f",
    )(embedding_w)
    max_m = layers.Maximum()([conv_f[:, ::2], conv_f[:, 1::2]])
    lstm_h = layers.LSTM(12, name="lstm_h")(max_m)
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(lstm_h)
    return keras.Model(inputs=x, outputs=y, name="text_conv_pool_lstm")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
