"""Keras model tagger-stacked-bidirectional: many-to-many aligned, stacked 2, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``words`` to a sequence ``tags``.

        T T T T T   dense(9, softmax, name=tags)
        | | | | |
        G=G=G=G=G   lstm(8)
        | | | | |
        H=H=H=H=H   lstm(8)
        | | | | |
        W W W W W   embedding(12)
        | | | | |
        X X X X X   tokens(30, name=words)

    Shapes, without the batch:
        input words: (5,) int32
        output tags: (5, 9)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5,), dtype="int32", name="words"),
            layers.Embedding(30, 12, name="embedding_w"),
            layers.Bidirectional(layers.LSTM(8, return_sequences=True), name="lstm_h"),
            layers.Bidirectional(layers.LSTM(8, return_sequences=True), name="lstm_g"),
            layers.Dense(9, activation="softmax", name="tags"),
        ],
        name="tagger_stacked_bidirectional",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
