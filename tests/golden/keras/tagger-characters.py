"""Keras model tagger-characters: many-to-many aligned, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence of grids and a sequence to a sequence.

        Y   Y   Y   Y   Y     dense(5, softmax)
        |   |   |   |   |
        H===H===H===H===H     lstm(4)
        |\  |\  |\  |\  |\
        M | M | M | M | M |   max(grid)
        | | | | | | | | | |
        D | D | D | D | D |   dense(6, tanh)
        | | | | | | | | | |
        C | C | C | C | C |   embedding(5)
        | | | | | | | | | |
        X | X | X | X | X |   tokens(30, 8, name=characters)
          |   |   |   |   |
          E   E   E   E   E   embedding(7)
          |   |   |   |   |
          W   W   W   W   W   tokens(40, name=words)

    Shapes, without the batch:
        input characters: (5, 8) int32
        input words: (5,) int32
        output y: (5, 5)
    """
    characters = keras.Input(shape=(5, 8), dtype="int32", name="characters")
    words = keras.Input(shape=(5,), dtype="int32", name="words")
    embedding_e = layers.Embedding(40, 7, name="embedding_e")(words)
    embedding_c = layers.Embedding(30, 5, name="embedding_c")(characters)
    dense_d = layers.Dense(6, activation="tanh", name="dense_d")(embedding_c)
    pooled_m = layers.TimeDistributed(
        layers.GlobalMaxPooling1D(),
        name="pooled_m",
    )(dense_d)
    joined = layers.Concatenate()([pooled_m, embedding_e])
    lstm_h = layers.Bidirectional(
        layers.LSTM(4, return_sequences=True),
        name="lstm_h",
    )(joined)
    y = layers.Dense(5, activation="softmax", name="dense_y")(lstm_h)
    return keras.Model(inputs=[characters, words], outputs=y, name="tagger_characters")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
