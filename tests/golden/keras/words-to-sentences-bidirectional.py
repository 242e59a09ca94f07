"""Keras model words-to-sentences-bidirectional: graph, stacked 2, bidirectional."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                Y           Y   dense(4, softmax)
                |           |
                S===========S   lstm(7, name=sentences)
                |           |
        H=H=H---+   H=H=H---+   lstm(5, name=words)
        | | |       | | |
        X X X       X X X       input(8)

    Shapes, without the batch:
        input x: (6, 8) float32
        output y: (2, 4)
    """
    x = keras.Input(shape=(6, 8), name="x")
    # The 2 chains run as one batch.
    chains = ops.reshape(x, (-1, 3, 8))
    words = layers.Bidirectional(layers.LSTM(5), name="words")(chains)
    words_final = ops.reshape(words, (-1, 2, 10))
    sentences = layers.Bidirectional(
        layers.LSTM(7, return_sequences=True),
        name="sentences",
    )(words_final)
    y = layers.Dense(4, activation="softmax", name="dense_y")(sentences)
    return keras.Model(inputs=x, outputs=y, name="words_to_sentences_bidirectional")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
