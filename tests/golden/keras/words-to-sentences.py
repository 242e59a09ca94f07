"""Keras model words-to-sentences: many-to-one, stacked 2."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                    Y   dense(2, softmax)
                    |
            S-------S   gru(12, name=sentences)
            |       |
        H-H-H   H-H-H   gru(10, name=words)
        | | |   | | |
        W W W   W W W   embedding(8)
        | | |   | | |
        X X X   X X X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output y: (2,)
    """
    x = keras.Input(shape=(6,), dtype="int32", name="x")
    embedding_w = layers.Embedding(30, 8, name="embedding_w")(x)
    # The 2 chains run as one batch.
    chains = ops.reshape(embedding_w, (-1, 3, 8))
    words = layers.GRU(10, name="words")(chains)
    words_final = ops.reshape(words, (-1, 2, 10))
    sentences = layers.GRU(12, name="sentences")(words_final)
    y = layers.Dense(2, activation="softmax", name="dense_y")(sentences)
    return keras.Model(inputs=x, outputs=y, name="words_to_sentences")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
