"""Keras model siamese-multiply: many-to-one, shared weights."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``left`` and ``right`` to a vector ``y``.

              Y         dense(1, sigmoid)
              |
              M         multiply
              |
            +-+-----+
            |       |
        L-L-L   L-L-L
        | | |   | | |
        | | |   W W W
        | | |   | | |
        W W W   | | |
        | | |   | | |
        X X X   Z Z Z

        X = tokens(30, name=left)
        Z = tokens(30, name=right)
        W = embedding(8)
        L = gru(12, name=encoder)

    Shapes, without the batch:
        input left: (3,) int32
        input right: (3,) int32
        output y: (1,)
    """
    left = keras.Input(shape=(3,), dtype="int32", name="left")
    right = keras.Input(shape=(3,), dtype="int32", name="right")
    embedding_w_layer = layers.Embedding(30, 8, name="embedding_w")
    embedding_w_1 = embedding_w_layer(left)
    embedding_w_2 = embedding_w_layer(right)
    encoder_layer = layers.GRU(12, name="encoder")
    encoder_1 = encoder_layer(embedding_w_1)
    encoder_2 = encoder_layer(embedding_w_2)
    multiply_m = layers.Multiply()([encoder_1, encoder_2])
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(multiply_m)
    return keras.Model(inputs=[left, right], outputs=y, name="siamese_multiply")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
