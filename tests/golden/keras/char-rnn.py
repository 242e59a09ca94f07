"""Keras model char-rnn: many-to-many aligned, stacked 2, variable length."""

import keras
from keras import layers


def build_model(units: int = 24) -> keras.Model:
    """Build a model that maps a sequence ``characters`` to a sequence ``y``.

        Y ..n.. Y   dense(26, softmax)
        |       |
        D ..n.. D   dropout(0.2)
        |       |
        G ..n.. G   lstm(units)
        |       |
        H ..n.. H   lstm(units)
        |       |
        W ..n.. W   embedding(12)
        |       |
        X ..n.. X   tokens(26, name=characters)

        units = 24

    Shapes, without the batch:
        input characters: (n,) int32
        output y: (n, 26)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32", name="characters"),
            layers.Embedding(26, 12, name="embedding_w"),
            layers.LSTM(units, return_sequences=True, name="lstm_h"),
            layers.LSTM(units, return_sequences=True, name="lstm_g"),
            layers.Dropout(0.2, name="dropout_d"),
            layers.Dense(26, activation="softmax", name="dense_y"),
        ],
        name="char_rnn",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
