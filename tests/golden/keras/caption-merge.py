"""Keras model caption-merge: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector and a sequence to a vector.

            Y       dense(30, softmax)
            |
            Q       dense(20, relu)
            |
            A       add
            |
        +---+---+
        |       |
        F   H-H-H
        |   | | |
        |   W W W
        |   | | |
        I   X X X

        I = input(24, name=image)
        F = dense(16, relu)
        X = tokens(30, name=words)
        W = embedding(12)
        H = lstm(16)

    Shapes, without the batch:
        input image: (24,) float32
        input words: (3,) int32
        output y: (30,)
    """
    image = keras.Input(shape=(24,), name="image")
    words = keras.Input(shape=(3,), dtype="int32", name="words")
    embedding_w = layers.Embedding(30, 12, name="embedding_w")(words)
    dense_f = layers.Dense(16, activation="relu", name="dense_f")(image)
    lstm_h = layers.LSTM(16, name="lstm_h")(embedding_w)
    add_a = layers.Add()([dense_f, lstm_h])
    dense_q = layers.Dense(20, activation="relu", name="dense_q")(add_a)
    y = layers.Dense(30, activation="softmax", name="dense_y")(dense_q)
    return keras.Model(inputs=[image, words], outputs=y, name="caption_merge")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
