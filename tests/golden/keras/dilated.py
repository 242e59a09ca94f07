"""Keras model dilated: many-to-many aligned, residual, convolutional, variable length."""

import keras
from keras import layers


def build_model(dilation: int = 1) -> keras.Model:
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
    return keras.Model(inputs=x, outputs=y, name="dilated")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
