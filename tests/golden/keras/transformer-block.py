"""Keras model transformer-block: many-to-many aligned, residual, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``n``.

        N   N   N   N     layernorm
        |   |   |   |
        B   B   B   B     add
        |\  |\  |\  |\
        F | F | F | F |   dense(8)
        | | | | | | | |
        H | H | H | H |   dense(16, relu)
        |/  |/  |/  |/
        M   M   M   M     layernorm
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        T | T | T | T |   attention(heads=2, causal=true)
        | | | | | | | |
        +-|-+-|-+-|-+ |
        |/  |/  |/  |/
        X   X   X   X     input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output n: (4, 8)
    """
    x = keras.Input(shape=(4, 8), name="x")
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_t",
    )(x, x, use_causal_mask=True)
    add_a = layers.Add()([attention_t, x])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_h = layers.Dense(16, activation="relu", name="dense_h")(layernorm_m)
    dense_f = layers.Dense(8, name="dense_f")(dense_h)
    add_b = layers.Add()([dense_f, layernorm_m])
    n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_b)
    return keras.Model(inputs=x, outputs=n, name="transformer_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("n", model.output_shape)
