"""Keras model motion_block: many-to-many aligned, residual, variable length."""

import keras
from keras import layers


def build_model(units: int = 16) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``a``.

        A   A   ... A     add
        |\  |\      |\
        | D | D ... | D   dense(6)
        | | | |     | |
        | H-|-H-...-|-H   gru(units)
        |/  |/      |/
        X   X   ... X     input(6)

        units = 16

    Shapes, without the batch:
        input x: (None, 6) float32
        output a: (None, 6)
    """
    x = keras.Input(shape=(None, 6), name="x")
    gru_h = layers.GRU(units, return_sequences=True, name="gru_h")(x)
    dense_d = layers.Dense(6, name="dense_d")(gru_h)
    a = layers.Add()([x, dense_d])
    return keras.Model(inputs=x, outputs=a, name="motion_block")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("a", model.output_shape)
