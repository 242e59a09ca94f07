"""Keras model encoder_block: many-to-many aligned, residual, attention, variable length."""

import keras
from keras import layers


def build_model(width: int = 8, heads: int = 2, inner: int = 16) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``n``.

        N   N   ... N
        |   |       |
        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        |/  |/      |/
        M   M   ... M
        |   |       |
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        |/  |/      |/
        X   X   ... X

        X = input(width)
        T = attention(X, heads=heads)
        A = add
        M = layernorm
        H = dense(inner, relu)
        F = dense(width)
        B = add
        N = layernorm
        width = 8
        heads = 2
        inner = 16

    Shapes, without the batch:
        input x: (None, width) float32
        output n: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    attention_t = layers.MultiHeadAttention(
        heads,
        key_dim=width // heads,
        name="attention_t",
    )(x, x)
    add_a = layers.Add()([x, attention_t])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_h = layers.Dense(inner, activation="relu", name="dense_h")(layernorm_m)
    dense_f = layers.Dense(width, name="dense_f")(dense_h)
    add_b = layers.Add()([layernorm_m, dense_f])
    n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_b)
    return keras.Model(inputs=x, outputs=n, name="encoder_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("n", model.output_shape)
