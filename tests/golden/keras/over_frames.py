"""Keras model over_frames: many-to-many aligned, residual, attention, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
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

        X = input(6)
        N = layernorm
        T = attention(N, heads=2)
        A = add
        M = layernorm
        H = dense(12, gelu)
        F = dense(6)
        B = add

    Shapes, without the batch:
        input x: (None, 6) float32
        output b: (None, 6)
    """
    x = keras.Input(shape=(None, 6), name="x")
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(x)
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=3,
        name="attention_t",
    )(layernorm_n, layernorm_n)
    add_a = layers.Add()([x, attention_t])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_h = layers.Dense(12, activation="gelu", name="dense_h")(layernorm_m)
    dense_f = layers.Dense(6, name="dense_f")(dense_h)
    b = layers.Add()([add_a, dense_f])
    return keras.Model(inputs=x, outputs=b, name="over_frames")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("b", model.output_shape)
