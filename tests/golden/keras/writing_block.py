"""Keras model writing_block: many-to-many aligned, residual, attention, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``n``.

        N   N   ... N     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(X, heads=2, causal=true)
        |/  |/      |/
        X   X   ... X     input(8)

    Shapes, without the batch:
        input x: (None, 8) float32
        output n: (None, 8)
    """
    x = keras.Input(shape=(None, 8), name="x")
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_t",
    )(x, x, use_causal_mask=True)
    add_a = layers.Add()([attention_t, x])
    n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_a)
    return keras.Model(inputs=x, outputs=n, name="writing_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("n", model.output_shape)
