"""Keras model two-blocks-of-one-picture: many-to-one, variable length."""

import keras
from keras import layers


def build_feed_forward(width: int = 8, name: str = "feed_forward") -> keras.Model:
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
    return keras.Model(inputs=x, outputs=b, name=name)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(3, softmax)
                |
                M   mean
                |
        +-+-----+
        | |     |
        S S ... S   feed_forward
        | |     |
        R R ... R   feed_forward
        | |     |
        E E ... E   dense(8)
        | |     |
        X X ... X   input(4)

    Shapes, without the batch:
        input x: (None, 4) float32
        output y: (3,)
    """
    x = keras.Input(shape=(None, 4), name="x")
    dense_e = layers.Dense(8, name="dense_e")(x)
    feed_forward_r = build_feed_forward(name="feed_forward_r")(dense_e)
    feed_forward_s = build_feed_forward(name="feed_forward_s")(feed_forward_r)
    mean_m = layers.GlobalAveragePooling1D()(feed_forward_s)
    y = layers.Dense(3, activation="softmax", name="dense_y")(mean_m)
    return keras.Model(inputs=x, outputs=y, name="two_blocks_of_one_picture")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
