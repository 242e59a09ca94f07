"""Keras model caption-initial-state: many-to-many aligned."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector and a sequence to a sequence.

            Y Y Y Y   dense(30, softmax)
            | | | |
        +---D-D-D-D   lstm(32)
        |   | | | |
        F   W W W W
        |   | | | |
        I   X X X X

        I = input(24, name=image)
        F = dense(32, tanh)
        X = tokens(30, name=words)
        W = embedding(12)

    Shapes, without the batch:
        input image: (24,) float32
        input words: (4,) int32
        output y: (4, 30)
    """
    image = keras.Input(shape=(24,), name="image")
    words = keras.Input(shape=(4,), dtype="int32", name="words")
    dense_f = layers.Dense(32, activation="tanh", name="dense_f")(image)
    embedding_w = layers.Embedding(30, 12, name="embedding_w")(words)
    lstm_d = layers.LSTM(32, return_sequences=True, name="lstm_d")(
        embedding_w,
        initial_state=[dense_f, dense_f],
    )
    y = layers.Dense(30, activation="softmax", name="dense_y")(lstm_d)
    return keras.Model(inputs=[image, words], outputs=y, name="caption_initial_state")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
