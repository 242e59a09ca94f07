"""Keras model residual: many-to-many aligned, residual."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   Y     dense(5)
        |   |   |
        A   A   A     add
        |\  |\  |\
        H-|-H-|-H |   lstm(8)
        |/  |/  |/
        X   X   X     input(8)

    Shapes, without the batch:
        input x: (3, 8) float32
        output y: (3, 5)
    """
    x = keras.Input(shape=(3, 8), name="x")
    lstm_h = layers.LSTM(8, return_sequences=True, name="lstm_h")(x)
    add_a = layers.Add()([lstm_h, x])
    y = layers.Dense(5, name="dense_y")(add_a)
    return keras.Model(inputs=x, outputs=y, name="residual")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
