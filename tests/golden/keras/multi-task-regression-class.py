"""Keras model multi-task-regression-class: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to vectors ``change`` and ``rises``.

              R   C
              |   |
              P   Q
              |   |
              +-+-+
                |
        H-H-H-H-+
        | | | |
        X X X X

        X = input(5)
        H = gru(16)
        P = dense(8, relu)
        Q = dense(8, relu)
        R = dense(1, name=change)
        C = dense(1, sigmoid, name=rises)

    Shapes, without the batch:
        input x: (4, 5) float32
        output change: (1,)
        output rises: (1,)
    """
    x = keras.Input(shape=(4, 5), name="x")
    gru_h = layers.GRU(16, name="gru_h")(x)
    dense_p = layers.Dense(8, activation="relu", name="dense_p")(gru_h)
    dense_q = layers.Dense(8, activation="relu", name="dense_q")(gru_h)
    change = layers.Dense(1, name="change")(dense_p)
    rises = layers.Dense(1, activation="sigmoid", name="rises")(dense_q)
    return keras.Model(
        inputs=x,
        outputs=[change, rises],
        name="multi_task_regression_class",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["change", "rises"], model.output_shape, strict=True):
        print(name, shape)
