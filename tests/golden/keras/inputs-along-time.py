"""Keras model inputs-along-time: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``before`` and ``after`` to a vector ``y``.

                    Y   dense(1)
                    |
        H H H H H H H   gru(8)
        | | | | | | |
        X X X X Z Z Z

        X = input(2, name=before)
        Z = input(2, name=after)

    Shapes, without the batch:
        input before: (4, 2) float32
        input after: (3, 2) float32
        output y: (1,)
    """
    before = keras.Input(shape=(4, 2), name="before")
    after = keras.Input(shape=(3, 2), name="after")
    joined = layers.Concatenate(axis=1)([before, after])
    gru_h = layers.GRU(8, name="gru_h")(joined)
    y = layers.Dense(1, name="dense_y")(gru_h)
    return keras.Model(inputs=[before, after], outputs=y, name="inputs_along_time")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
