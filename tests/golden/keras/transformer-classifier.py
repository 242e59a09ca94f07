"""Keras model transformer-classifier: many-to-one, residual, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``i`` to a vector ``y``.

              Y           dense(3, softmax)
              |
              P           mean
              |
        +---+-+-+---+
        |   |   |   |
        N   N   N   N     layernorm
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        T | T | T | T |   attention(heads=2)
        | | | | | | | |
        +-|-+-|-+-|-+ |
        |/  |/  |/  |/
        X   X   X   X     dense(8)
        |   |   |   |
        I   I   I   I     input(1)

    Shapes, without the batch:
        input i: (4, 1) float32
        output y: (3,)
    """
    i = keras.Input(shape=(4, 1), name="i")
    dense_x = layers.Dense(8, name="dense_x")(i)
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_t",
    )(dense_x, dense_x)
    add_a = layers.Add()([attention_t, dense_x])
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_a)
    mean_p = layers.GlobalAveragePooling1D()(layernorm_n)
    y = layers.Dense(3, activation="softmax", name="dense_y")(mean_p)
    return keras.Model(inputs=i, outputs=y, name="transformer_classifier")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
