"""Keras model visual-question: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector and a sequence to a vector.

              Y       dense(9, softmax)
              |
              M       multiply
              |
        +-----+---+
        |         |
        |         Q
        |         |
        |   H-H-H-H
        |   | | | |
        F   W W W W
        |   | | | |
        I   X X X X

        I = input(24, name=image)
        X = tokens(30, name=question)
        W = embedding(8)
        H = lstm(10)
        F = dense(16, tanh)
        Q = dense(16, tanh)

    Shapes, without the batch:
        input image: (24,) float32
        input question: (4,) int32
        output y: (9,)
    """
    image = keras.Input(shape=(24,), name="image")
    question = keras.Input(shape=(4,), dtype="int32", name="question")
    dense_f = layers.Dense(16, activation="tanh", name="dense_f")(image)
    embedding_w = layers.Embedding(30, 8, name="embedding_w")(question)
    lstm_h = layers.LSTM(10, name="lstm_h")(embedding_w)
    dense_q = layers.Dense(16, activation="tanh", name="dense_q")(lstm_h)
    multiply_m = layers.Multiply()([dense_f, dense_q])
    y = layers.Dense(9, activation="softmax", name="dense_y")(multiply_m)
    return keras.Model(inputs=[image, question], outputs=y, name="visual_question")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
