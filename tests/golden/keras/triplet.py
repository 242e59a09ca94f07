"""Keras model triplet: many-to-one, shared weights."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 3 sequences to 3 vectors.

                            E
                            |
                    E       |
                    |       |
            E       |       |
            |       |       |
        L-L-L   L-L-L   L-L-L
        | | |   | | |   | | |
        X X X   Z Z Z   V V V

        X = input(6, name=anchor)
        Z = input(6, name=positive)
        V = input(6, name=negative)
        L = lstm(12, name=encoder)
        E = dense(8, name=embedding)

    Shapes, without the batch:
        input anchor: (3, 6) float32
        input positive: (3, 6) float32
        input negative: (3, 6) float32
        output embedding: (8,)
        output embedding_2: (8,)
        output embedding_3: (8,)
    """
    anchor = keras.Input(shape=(3, 6), name="anchor")
    positive = keras.Input(shape=(3, 6), name="positive")
    negative = keras.Input(shape=(3, 6), name="negative")
    encoder_layer = layers.LSTM(12, name="encoder")
    encoder_1 = encoder_layer(anchor)
    encoder_2 = encoder_layer(positive)
    encoder_3 = encoder_layer(negative)
    embedding_layer = layers.Dense(8, name="embedding")
    embedding_1 = embedding_layer(encoder_1)
    embedding_2 = embedding_layer(encoder_2)
    embedding_3 = embedding_layer(encoder_3)
    return keras.Model(
        inputs=[anchor, positive, negative],
        outputs=[embedding_1, embedding_2, embedding_3],
        name="triplet",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["embedding", "embedding_2", "embedding_3"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
