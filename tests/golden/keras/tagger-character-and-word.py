"""Keras model tagger-character-and-word: many-to-many aligned, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences to a sequence.

        T   T   T   T     dense(5, softmax, name=tags)
        |   |   |   |
        H===H===H===H     lstm(8)
        |\  |\  |\  |\
        W | W | W | W |
        | | | | | | | |
        | S | S | S | S
        |   |   |   |
        X   X   X   X

        X = tokens(30, name=words)
        W = embedding(10)
        S = input(3, name=shapes)

    Shapes, without the batch:
        input words: (4,) int32
        input shapes: (4, 3) float32
        output tags: (4, 5)
    """
    words = keras.Input(shape=(4,), dtype="int32", name="words")
    shapes = keras.Input(shape=(4, 3), name="shapes")
    embedding_w = layers.Embedding(30, 10, name="embedding_w")(words)
    joined = layers.Concatenate()([embedding_w, shapes])
    lstm_h = layers.Bidirectional(
        layers.LSTM(8, return_sequences=True),
        name="lstm_h",
    )(joined)
    tags = layers.Dense(5, activation="softmax", name="tags")(lstm_h)
    return keras.Model(
        inputs=[words, shapes],
        outputs=tags,
        name="tagger_character_and_word",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
