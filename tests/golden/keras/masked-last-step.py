"""Keras model masked-last-step: many-to-one, masked."""

import keras  # type: ignore[import-untyped]
from keras import layers, ops


def build_model() -> keras.Model:
    """Build the model.

                Y   dense(2, softmax)
                |
        H H H H H   lstm(12)
        | | | | |
        X X X X X   input(3, mask=0)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2,)
    """
    x = keras.Input(shape=(5, 3), name="x")
    mask = ops.any(ops.not_equal(x, 0), axis=-1)
    lstm_h = layers.LSTM(12, name="lstm_h")(x, mask=mask)
    dense_y = layers.Dense(2, activation="softmax", name="dense_y")(lstm_h)
    return keras.Model(inputs=x, outputs=dense_y, name="masked_last_step")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
