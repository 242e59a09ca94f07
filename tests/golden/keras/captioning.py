"""Keras model captioning: many-to-many aligned."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector and a sequence to a sequence.

          Y Y Y Y   dense(30, softmax)
          | | | |
        D-D-D-D-D   lstm(32)
        | | | | |
        | W W W W
        | | | | |
        I X X X X

        I = input(24)
        X = tokens(30)
        W = embedding(24)

    Shapes, without the batch:
        input i: (24,) float32
        input x: (4,) int32
        output y: (4, 30)
    """
    i = keras.Input(shape=(24,), name="i")
    x = keras.Input(shape=(4,), dtype="int32", name="x")
    embedding_w = layers.Embedding(30, 24, name="embedding_w")(x)
    repeated = layers.RepeatVector(1)(i)
    joined = layers.Concatenate(axis=1)([repeated, embedding_w])
    lstm_d = layers.LSTM(32, return_sequences=True, name="lstm_d")(joined)
    cropped = layers.Cropping1D((1, 0))(lstm_d)
    y = layers.Dense(30, activation="softmax", name="dense_y")(cropped)
    return keras.Model(inputs=[i, x], outputs=y, name="captioning")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
