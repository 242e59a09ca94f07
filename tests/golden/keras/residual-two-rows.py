"""Keras model residual-two-rows: many-to-many aligned, stacked 2, residual."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   Y   Y     dense(5)
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        G | G | G | G |   lstm(8)
        | | | | | | | |
        H | H | H | H |   lstm(8)
        |/  |/  |/  |/
        X   X   X   X     input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (4, 5)
    """
    x = keras.Input(shape=(4, 8), name="x")
    lstm_h = layers.LSTM(8, return_sequences=True, name="lstm_h")(x)
    lstm_g = layers.LSTM(8, return_sequences=True, name="lstm_g")(lstm_h)
    add_a = layers.Add()([lstm_g, x])
    y = layers.Dense(5, name="dense_y")(add_a)
    return keras.Model(inputs=x, outputs=y, name="residual_two_rows")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
