"""Keras model sensor-gaps: many-to-one, convolutional, masked, variable length."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(2)
                |
        H-H-...-H   lstm(4)
        | |     |
        C C ... C   conv(5, 3, relu)
        | |     |
        X X ... X   input(3, mask=-1)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (2,)
    """
    x = keras.Input(shape=(None, 3), name="x")
    mask = ops.any(ops.not_equal(x, -1), axis=-1)
    masked = ops.where(mask[..., None], x, 0.0)
    conv_c = layers.Conv1D(
        5,
        3,
        padding="same",
        activation="relu",
        name="conv_c",
    )(masked)
    lstm_h = layers.LSTM(4, use_cudnn=False, name="lstm_h")(conv_c, mask=mask)
    y = layers.Dense(2, name="dense_y")(lstm_h)
    return keras.Model(inputs=x, outputs=y, name="sensor_gaps")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
