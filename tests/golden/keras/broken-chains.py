"""Keras model broken-chains: many-to-many aligned."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y Y Y Y Y   dense(4, softmax)
        | | | | | |
        H-H-H H-H-H   gru(8)
        | | | | | |
        X X X X X X   input(5)

    Shapes, without the batch:
        input x: (6, 5) float32
        output y: (6, 4)
    """
    x = keras.Input(shape=(6, 5), name="x")
    # The 2 chains run as one batch.
    chains = ops.reshape(x, (-1, 3, 5))
    gru_h = layers.GRU(8, return_sequences=True, name="gru_h")(chains)
    gru_h = ops.reshape(gru_h, (-1, 6, 8))
    y = layers.Dense(4, activation="softmax", name="dense_y")(gru_h)
    return keras.Model(inputs=x, outputs=y, name="broken_chains")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
