"""Keras model feed_forward: many-to-many aligned, residual, variable length."""

import keras
from keras import layers


def build_model(width: int = 8) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``b``.

        B   B   ... B     add
        |\  |\      |\
        F | F | ... F |   dense(width)
        | | | |     | |
        D | D | ... D |   dense(2 * width, relu)
        | | | |     | |
        N | N | ... N |   layernorm
        |/  |/      |/
        X   X   ... X     input(width)

        width = 8

    Shapes, without the batch:
        input x: (None, width) float32
        output b: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(x)
    dense_d = layers.Dense(2 * width, activation="relu", name="dense_d")(layernorm_n)
    dense_f = layers.Dense(width, name="dense_f")(dense_d)
    b = layers.Add()([dense_f, x])
    return keras.Model(inputs=x, outputs=b, name="feed_forward")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("b", model.output_shape)
