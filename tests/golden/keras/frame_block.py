"""Keras model frame_block: one-to-one, residual."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a vector ``x`` to a vector ``a``.

        A     add
        |\
        B |   dense(6)
        | |
        R |   dense(12, relu)
        | |
        N |   layernorm
        |/
        X     input(6)

    Shapes, without the batch:
        input x: (6,) float32
        output a: (6,)
    """
    x = keras.Input(shape=(6,), name="x")
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(x)
    dense_r = layers.Dense(12, activation="relu", name="dense_r")(layernorm_n)
    dense_b = layers.Dense(6, name="dense_b")(dense_r)
    a = layers.Add()([dense_b, x])
    return keras.Model(inputs=x, outputs=a, name="frame_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("a", model.output_shape)
