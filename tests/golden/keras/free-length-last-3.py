"""Keras model free-length-last-3: many-to-many last N, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

              O O O   dense(2)
              | | |
        O ... O O O   gru(16)
        |     | | |
        O ... O O O   input(8)

    Shapes, without the batch:
        input x: (None, 8) float32
        output y: (3, 2)
    """
    x = keras.Input(shape=(None, 8), name="x")
    gru = layers.GRU(16, return_sequences=True, name="gru")(x)
    y = layers.Dense(2, name="dense")(gru[:, -3:])
    return keras.Model(inputs=x, outputs=y, name="free_length_last_3")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
