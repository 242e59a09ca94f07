"""Keras model residual_block: many-to-many aligned, residual, convolutional, variable length."""

import keras
from keras import layers


def build_model(width: int = 6) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``a``.

        A   A   ... A
        |\  |\      |\
        | H | H ... | H
        | | | |     | |
        | C | C ... | C
        |/  |/      |/
        X   X   ... X

        X = input(width)
        C = conv(width, 3, relu, padding=causal)
        H = gru(width)
        A = add
        width = 6

    Shapes, without the batch:
        input x: (None, width) float32
        output a: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    conv_c = layers.Conv1D(
        width,
        3,
        padding="causal",
        activation="relu",
        name="conv_c",
    )(x)
    gru_h = layers.GRU(width, return_sequences=True, name="gru_h")(conv_c)
    a = layers.Add()([x, gru_h])
    return keras.Model(inputs=x, outputs=a, name="residual_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("a", model.output_shape)
