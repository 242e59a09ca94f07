"""Keras model text-cnn: many-to-one, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                          Y     dense(2, softmax)
                          |
                        +-+-+
                        | | |
                        | | C
                        | | |
        +---+---+---+---|-|-+
        |   |   |   |   | |
        K   K   K   K   | |
        |   |   |   |   | B
        |   |   |   |   | |
        | +-|-+-|-+-|-+-|-+
        | | | | | | | | |
        | G | G | G | G |
        |/  |/  |/  |/  |
        |   |   |   |   A
        |   |   |   |   |
        | +-|-+-|-+-|-+-+
        | | | | | | | |
        | F | F | F | F
        |/  |/  |/  |/
        W   W   W   W
        |   |   |   |
        X   X   X   X

        X = tokens(30)
        W = embedding(8)
        F = conv(6, 2, relu)
        G = conv(6, 3, relu)
        K = conv(6, 4, relu)
        A = max
        B = max
        C = max

    Shapes, without the batch:
        input x: (4,) int32
        output y: (2,)
    """
    x = keras.Input(shape=(4,), dtype="int32", name="x")
    embedding_w = layers.Embedding(30, 8, name="embedding_w")(x)
    conv_f = layers.Conv1D(
        6,
        2,
        padding="same",
        activation="relu",
        name="conv_f",
    )(embedding_w)
    max_a = layers.GlobalMaxPooling1D()(conv_f)
    conv_g = layers.Conv1D(
        6,
        3,
        padding="same",
        activation="relu",
        name="conv_g",
    )(embedding_w)
    max_b = layers.GlobalMaxPooling1D()(conv_g)
    conv_k = layers.Conv1D(
        6,
        4,
        padding="same",
        activation="relu",
        name="conv_k",
    )(embedding_w)
    max_c = layers.GlobalMaxPooling1D()(conv_k)
    joined = layers.Concatenate()([max_a, max_b, max_c])
    y = layers.Dense(2, activation="softmax", name="dense_y")(joined)
    return keras.Model(inputs=x, outputs=y, name="text_cnn")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
