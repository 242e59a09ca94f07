"""Keras model attention-luong-general: encoder-decoder, bidirectional, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``z`` to a sequence ``c``.

        K K K   C C C
        | | |   | | |
        E=E=E   D-D-D
        | | |   | | |
        X X X   Z Z Z

        X = input(8)
        Z = input(6)
        E = gru(5, name=encoder)
        D = gru(12, name=decoder)
        K = dense(12, bias=false, name=keys)
        C = attention(E, keys=K)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output c: (3, 10)
    """
    x = keras.Input(shape=(3, 8), name="x")
    z = keras.Input(shape=(3, 6), name="z")
    encoder = layers.Bidirectional(
        layers.GRU(5, return_sequences=True),
        name="encoder",
    )(x)
    decoder = layers.GRU(12, return_sequences=True, name="decoder")(z)
    keys = layers.Dense(12, use_bias=False, name="keys")(encoder)
    c = layers.Attention(name="attention_c")([decoder, encoder, keys])
    return keras.Model(inputs=[x, z], outputs=c, name="attention_luong_general")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("c", model.output_shape)
