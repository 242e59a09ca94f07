"""Keras model residual-stack: many-to-many aligned, stacked 2, residual."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``b``.

        B   B   B     add
        |\  |\  |\
        G | G | G |   lstm(8)
        |/  |/  |/
        A   A   A     add
        |\  |\  |\
        H | H | H |   lstm(8)
        |/  |/  |/
        X   X   X     input(8)

    Shapes, without the batch:
        input x: (3, 8) float32
        output b: (3, 8)
    """
    x = keras.Input(shape=(3, 8), name="x")
    lstm_h = layers.LSTM(8, return_sequences=True, name="lstm_h")(x)
    add_a = layers.Add()([lstm_h, x])
    lstm_g = layers.LSTM(8, return_sequences=True, name="lstm_g")(add_a)
    b = layers.Add()([lstm_g, add_a])
    return keras.Model(inputs=x, outputs=b, name="residual_stack")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("b", model.output_shape)
