"""Keras model tcn-blocks: many-to-many aligned, variable length."""

import keras
from keras import layers


def build_dilated(dilation: int = 1, name: str = "dilated") -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     add
        |\  |\      |\
        D | D | ... D |   conv(8, 3, relu, padding=causal, dilation=dilation)
        | | | |     | |
        C | C | ... C |   conv(8, 3, relu, padding=causal, dilation=dilation)
        |/  |/      |/
        X   X   ... X     input(8)

        dilation = 1

    Shapes, without the batch:
        input x: (None, 8) float32
        output y: (None, 8)
    """
    x = keras.Input(shape=(None, 8), name="x")
    conv_c = layers.Conv1D(
        8,
        3,
        padding="causal",
        dilation_rate=dilation,
        activation="relu",
        name="conv_c",
    )(x)
    conv_d = layers.Conv1D(
        8,
        3,
        padding="causal",
        dilation_rate=dilation,
        activation="relu",
        name="conv_d",
    )(conv_c)
    y = layers.Add()([conv_d, x])
    return keras.Model(inputs=x, outputs=y, name=name)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(1)
        | |     |
        C C ... C   dilated(dilation=4)
        | |     |
        B B ... B   dilated(dilation=2)
        | |     |
        A A ... A   dilated
        | |     |
        W W ... W   dense(8)
        | |     |
        X X ... X   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (None, 1)
    """
    x = keras.Input(shape=(None, 3), name="x")
    dense_w = layers.Dense(8, name="dense_w")(x)
    dilated_a = build_dilated(name="dilated_a")(dense_w)
    dilated_b = build_dilated(dilation=2, name="dilated_b")(dilated_a)
    dilated_c = build_dilated(dilation=4, name="dilated_c")(dilated_b)
    y = layers.Dense(1, name="dense_y")(dilated_c)
    return keras.Model(inputs=x, outputs=y, name="tcn_blocks")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
