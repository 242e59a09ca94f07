"""Keras model padding-anywhere: many-to-one, masked, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(1)
                |
        H H ... H   gru(8)
        | |     |
        X X ... X   input(3, mask=-1)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (1,)
    """
    x = keras.Input(shape=(None, 3), name="x")
    masked = layers.Masking(mask_value=-1.0)(x)
    gru_h = layers.GRU(8, use_cudnn=False, name="gru_h")(masked)
    y = layers.Dense(1, name="dense_y")(gru_h)
    return keras.Model(inputs=x, outputs=y, name="padding_anywhere")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
