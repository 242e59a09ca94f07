"""Keras model words-of-characters: many-to-many aligned, bidirectional, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``characters`` to a sequence ``y``.

        Y Y ... Y   dense(5, softmax)
        | |     |
        H=H=...=H   lstm(6)
        | |     |
        M M ... M   max(grid)
        | |     |
        D D ... D   dense(7, tanh)
        | |     |
        E E ... E   embedding(4)
        | |     |
        X X ... X   tokens(30, 8, name=characters)

    Shapes, without the batch:
        input characters: (None, 8) int32
        output y: (None, 5)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 8), dtype="int32", name="characters"),
            layers.Embedding(30, 4, name="embedding_e"),
            layers.Dense(7, activation="tanh", name="dense_d"),
            layers.TimeDistributed(layers.GlobalMaxPooling1D(), name="pooled_m"),
            layers.Bidirectional(layers.LSTM(6, return_sequences=True), name="lstm_h"),
            layers.Dense(5, activation="softmax", name="dense_y"),
        ],
        name="words_of_characters",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
