"""Keras model tagger-window-recurrent: many-to-many aligned."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``words`` to a sequence ``tags``.

        T    T    T    T    T   dense(4, softmax, name=tags)
        |    |    |    |    |
        H    H    H    H    H   rnn(12)
        |\  /|\  /|\  /|\  /|
        | \/ | \/ | \/ | \/ |
        | /\ | /\ | /\ | /\ |
        |/  \|/  \|/  \|/  \|
        W    W    W    W    W   embedding(8)
        |    |    |    |    |
        X    X    X    X    X   tokens(30, name=words)

    Shapes, without the batch:
        input words: (5,) int32
        output tags: (5, 4)
    """
    words = keras.Input(shape=(5,), dtype="int32", name="words")
    embedding_w = layers.Embedding(30, 8, name="embedding_w")(words)
    cropped = layers.Cropping1D((0, 1))(embedding_w)
    padded = layers.ZeroPadding1D((1, 0))(cropped)
    cropped_2 = layers.Cropping1D((1, 0))(embedding_w)
    padded_2 = layers.ZeroPadding1D((0, 1))(cropped_2)
    joined = layers.Concatenate()([padded, embedding_w, padded_2])
    rnn_h = layers.SimpleRNN(12, return_sequences=True, name="rnn_h")(joined)
    tags = layers.Dense(4, activation="softmax", name="tags")(rnn_h)
    return keras.Model(inputs=words, outputs=tags, name="tagger_window_recurrent")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
