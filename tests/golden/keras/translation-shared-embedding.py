"""Keras model translation-shared-embedding: encoder-decoder, shared weights, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                Y Y Y   dense(30, softmax)
                | | |
        E-E-E---D-D-D
        | | |   | | |
        | | |   W W W
        | | |   | | |
        W W W   | | |
        | | |   | | |
        X X X   Z Z Z

        X = tokens(30, name=source)
        Z = tokens(30, name=target)
        W = embedding(8)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 30)
    """
    source = keras.Input(shape=(3,), dtype="int32", name="source")
    target = keras.Input(shape=(3,), dtype="int32", name="target")
    embedding_w_layer = layers.Embedding(30, 8, name="embedding_w")
    embedding_w_1 = embedding_w_layer(source)
    embedding_w_2 = embedding_w_layer(target)
    _, *encoder_state = layers.GRU(12, return_state=True, name="encoder")(embedding_w_1)
    decoder = layers.GRU(12, return_sequences=True, name="decoder")(
        embedding_w_2,
        initial_state=encoder_state,
    )
    y = layers.Dense(30, activation="softmax", name="dense_y")(decoder)
    return keras.Model(
        inputs=[source, target],
        outputs=y,
        name="translation_shared_embedding",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
