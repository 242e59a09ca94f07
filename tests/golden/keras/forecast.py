"""Keras model forecast: many-to-many aligned, residual, feedback, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     add
        |\  |\      |\
        C | C | ... C |   dense(2)
        | | | |     | |
        H-|-H-|-...-H |   gru(32)
        |/  |/      |/
        X   X   ... X     input(2, feedback=Y)

    Shapes, without the batch:
        input x: (None, 2) float32
        output y: (None, 2)
    """
    x = keras.Input(shape=(None, 2), name="x")
    gru_h = layers.GRU(32, return_sequences=True, name="gru_h")(x)
    dense_c = layers.Dense(2, name="dense_c")(gru_h)
    y = layers.Add()([dense_c, x])
    return keras.Model(inputs=x, outputs=y, name="forecast")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
