"""Keras model listen-attend-spell: encoder-decoder, stacked 2, bidirectional, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences to a sequence.

                          Y   Y   Y   dense(12, softmax)
                          |   |   |
                          C   C   C   attention
                         /|  /|  /|
          +-------+-----+-|-+-|-+ |
          |       |       |   |   |
          |       |       S---S---S   gru(16, name=speller)
          |       |       |   |   |
          P=======P       |   |   |   gru(8, name=listener)
         / \     / \      |   |   |
        B===B===B===B     W   W   W
        |   |   |   |     |   |   |
        X   X   X   X     Z   Z   Z

        X = input(6, name=speech)
        B = gru(4)
        Z = tokens(12, name=letters)
        W = embedding(5)

    Shapes, without the batch:
        input speech: (4, 6) float32
        input letters: (3,) int32
        output y: (3, 12)
    """
    speech = keras.Input(shape=(4, 6), name="speech")
    letters = keras.Input(shape=(3,), dtype="int32", name="letters")
    gru_b = layers.Bidirectional(
        layers.GRU(4, return_sequences=True),
        name="gru_b",
    )(speech)
    embedding_w = layers.Embedding(12, 5, name="embedding_w")(letters)
    joined = layers.Concatenate()([gru_b[:, ::2], gru_b[:, 1::2]])
    listener = layers.Bidirectional(
        layers.GRU(8, return_sequences=True),
        name="listener",
    )(joined)
    speller = layers.GRU(16, return_sequences=True, name="speller")(embedding_w)
    attention_c = layers.Attention(name="attention_c")([speller, listener])
    y = layers.Dense(12, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(inputs=[speech, letters], outputs=y, name="listen_attend_spell")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
