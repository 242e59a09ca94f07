"""Keras model tagger: many-to-many aligned."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``words`` to a sequence ``tags``.

        T T T T T   dense(4, log_softmax, name=tags)
        | | | | |
        H H H H H   lstm(6)
        | | | | |
        W W W W W   embedding(7)
        | | | | |
        X X X X X   tokens(30, name=words)

    Shapes, without the batch:
        input words: (5,) int32
        output tags: (5, 4)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5,), dtype="int32", name="words"),
            layers.Embedding(30, 7, name="embedding_w"),
            layers.LSTM(6, return_sequences=True, name="lstm_h"),
            layers.Dense(4, activation="log_softmax", name="tags"),
        ],
        name="tagger",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
