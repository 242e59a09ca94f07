"""Keras model siamese-mean: many-to-one, shared weights."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``first`` and ``second`` to a vector ``y``.

              Y         dense(1, sigmoid)
              |
          +---+---+
          |       |
          |       D
          |       |
          D       M
          |       |
          M     +-+-+
          |     | | |
        +-+-+   W W W
        | | |   | | |
        W W W   | | |
        | | |   | | |
        X X X   Z Z Z

        X = tokens(30, name=first)
        Z = tokens(30, name=second)
        W = embedding(8)
        M = mean
        D = dense(16, relu)

    Shapes, without the batch:
        input first: (3,) int32
        input second: (3,) int32
        output y: (1,)
    """
    first = keras.Input(shape=(3,), dtype="int32", name="first")
    second = keras.Input(shape=(3,), dtype="int32", name="second")
    embedding_w_layer = layers.Embedding(30, 8, name="embedding_w")
    embedding_w_1 = embedding_w_layer(first)
    embedding_w_2 = embedding_w_layer(second)
    mean_m_1 = layers.GlobalAveragePooling1D()(embedding_w_1)
    dense_d_layer = layers.Dense(16, activation="relu", name="dense_d")
    dense_d_1 = dense_d_layer(mean_m_1)
    mean_m_2 = layers.GlobalAveragePooling1D()(embedding_w_2)
    dense_d_2 = dense_d_layer(mean_m_2)
    joined = layers.Concatenate()([dense_d_1, dense_d_2])
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(joined)
    return keras.Model(inputs=[first, second], outputs=y, name="siamese_mean")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
