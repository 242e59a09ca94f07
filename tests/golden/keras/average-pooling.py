"""Keras model average-pooling: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a vector ``y``.

                  Y     dense(1)
                  |
          H-------H     gru(10)
          |       |
          M       M     mean
         / \     / \
        X   X   X   X   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (1,)
    """
    x = keras.Input(shape=(4, 3), name="x")
    mean_m = layers.Average()([x[:, ::2], x[:, 1::2]])
    gru_h = layers.GRU(10, name="gru_h")(mean_m)
    y = layers.Dense(1, name="dense_y")(gru_h)
    return keras.Model(inputs=x, outputs=y, name="average_pooling")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
