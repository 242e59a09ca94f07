"""Keras model causal_block: many-to-many aligned, residual, attention, variable length."""

import keras
from keras import layers


def build_model(width: int = 8, heads: int = 2) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``b``.

        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        | | | |     | |
        | M | M ... | M
        |/  |/      |/
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        | | | |     | |
        | N | N ... | N
        |/  |/      |/
        X   X   ... X

        X = input(width)
        N = layernorm
        T = attention(N, heads=heads, causal=true)
        A = add
        M = layernorm
        H = dense(2 * width, gelu)
        F = dense(width)
        B = add
        width = 8
        heads = 2

    Shapes, without the batch:
        input x: (None, width) float32
        output b: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(x)
    attention_t = layers.MultiHeadAttention(
        heads,
        key_dim=width // heads,
        name="attention_t",
    )(layernorm_n, layernorm_n, use_causal_mask=True)
    add_a = layers.Add()([x, attention_t])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_h = layers.Dense(2 * width, activation="gelu", name="dense_h")(layernorm_m)
    dense_f = layers.Dense(width, name="dense_f")(dense_h)
    b = layers.Add()([add_a, dense_f])
    return keras.Model(inputs=x, outputs=b, name="causal_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("b", model.output_shape)
