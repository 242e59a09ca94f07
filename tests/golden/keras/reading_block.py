"""Keras model reading_block: many-to-many aligned, residual, attention, variable length."""

import keras
from keras import layers


def build_model(width: int = 8) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``n``.

        N   N   ... N     layernorm
        |   |       |
        B   B   ... B     add
        |\  |\      |\
        F | F | ... F |   dense(width)
        | | | |     | |
        D | D | ... D |   dense(2 * width, relu)
        |/  |/      |/
        M   M   ... M     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(X, heads=2)
        |/  |/      |/
        X   X   ... X     input(width)

        width = 8

    Shapes, without the batch:
        input x: (None, width) float32
        output n: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=width // 2,
        name="attention_t",
    )(x, x)
    add_a = layers.Add()([attention_t, x])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_d = layers.Dense(2 * width, activation="relu", name="dense_d")(layernorm_m)
    dense_f = layers.Dense(width, name="dense_f")(dense_d)
    add_b = layers.Add()([dense_f, layernorm_m])
    n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_b)
    return keras.Model(inputs=x, outputs=n, name="reading_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("n", model.output_shape)
