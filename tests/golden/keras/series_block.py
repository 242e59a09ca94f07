"""Keras model series_block: many-to-many aligned, residual, convolutional, attention, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``b``.

        B   B   ... B     add
        |\  |\      |\
        L | L | ... L |   layernorm(epsilon=1e-06)
        | | | |     | |
        F | F | ... F |   conv(4, 1)
        | | | |     | |
        E | E | ... E |   conv(6, 1, relu)
        |/  |/      |/
        A   A   ... A     add
        |\  |\      |\
        N | N | ... N |
        | | | |     | |
        T | T | ... T |
        |/  |/      |/
        X   X   ... X

        X = input(4)
        T = attention(X, heads=2)
        N = layernorm(epsilon=1e-06)

    Shapes, without the batch:
        input x: (None, 4) float32
        output b: (None, 4)
    """
    x = keras.Input(shape=(None, 4), name="x")
    attention_t = layers.MultiHeadAttention(2, key_dim=2, name="attention_t")(x, x)
    layernorm_n = layers.LayerNormalization(
        epsilon=1e-6,
        name="layernorm_n",
    )(attention_t)
    add_a = layers.Add()([layernorm_n, x])
    conv_e = layers.Conv1D(6, 1, activation="relu", name="conv_e")(add_a)
    conv_f = layers.Conv1D(4, 1, name="conv_f")(conv_e)
    layernorm_l = layers.LayerNormalization(epsilon=1e-6, name="layernorm_l")(conv_f)
    b = layers.Add()([layernorm_l, add_a])
    return keras.Model(inputs=x, outputs=b, name="series_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("b", model.output_shape)
