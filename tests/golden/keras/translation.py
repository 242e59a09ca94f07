"""Keras model translation: encoder-decoder, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``z`` to a sequence ``y``.

                    Y Y Y Y Y
                    | | | | |
        E-E-E-E-E-E-D-D-D-D-D
        | | | | | | | | | | |
        M M M M M M N N N N N
        | | | | | | | | | | |
        X X X X X X Z Z Z Z Z

        X = tokens(40)
        Z = tokens(50)
        M = embedding(24)
        N = embedding(24)
        E = lstm(32, name=encoder)
        D = lstm(32, name=decoder)
        Y = dense(50, softmax)

    Shapes, without the batch:
        input x: (6,) int32
        input z: (5,) int32
        output y: (5, 50)
    """
    x = keras.Input(shape=(6,), dtype="int32", name="x")
    z = keras.Input(shape=(5,), dtype="int32", name="z")
    embedding_m = layers.Embedding(40, 24, name="embedding_m")(x)
    embedding_n = layers.Embedding(50, 24, name="embedding_n")(z)
    _, *encoder_state = layers.LSTM(32, return_state=True, name="encoder")(embedding_m)
    decoder = layers.LSTM(
        32,
        return_sequences=True,
        name="decoder",
    )(embedding_n, initial_state=encoder_state)
    y = layers.Dense(50, activation="softmax", name="dense_y")(decoder)
    return keras.Model(inputs=[x, z], outputs=y, name="translation")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
