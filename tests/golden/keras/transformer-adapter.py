"""Keras model transformer-adapter: many-to-many aligned, residual, attention."""

import keras
from keras import layers


def build_model(features: int = 8, heads: int = 2, reduction: int = 4) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``n``.

        N   N   N   N     layernorm(epsilon=1e-06)
        |   |   |   |
        B   B   B   B     add
        |\  |\  |\  |\
        U | U | U | U |   dense(features)
        | | | | | | | |
        D | D | D | D |   dense(features // reduction, gelu)
        |/  |/  |/  |/
        M   M   M   M     layernorm(epsilon=1e-06)
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        T | T | T | T |   attention(heads=heads)
        | | | | | | | |
        +-|-+-|-+-|-+ |
        |/  |/  |/  |/
        X   X   X   X     input(features)

        features = 8
        heads = 2
        reduction = 4

    Shapes, without the batch:
        input x: (4, features) float32
        output n: (4, features)
    """
    x = keras.Input(shape=(4, features), name="x")
    attention_t = layers.MultiHeadAttention(
        heads,
        key_dim=features // heads,
        name="attention_t",
    )(x, x)
    add_a = layers.Add()([attention_t, x])
    layernorm_m = layers.LayerNormalization(epsilon=1e-6, name="layernorm_m")(add_a)
    dense_d = layers.Dense(
        features // reduction,
        activation="gelu",
        name="dense_d",
    )(layernorm_m)
    dense_u = layers.Dense(features, name="dense_u")(dense_d)
    add_b = layers.Add()([dense_u, layernorm_m])
    n = layers.LayerNormalization(epsilon=1e-6, name="layernorm_n")(add_b)
    return keras.Model(inputs=x, outputs=n, name="transformer_adapter")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("n", model.output_shape)
