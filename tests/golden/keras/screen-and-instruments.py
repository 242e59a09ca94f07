"""Keras model screen-and-instruments: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence of grids and a sequence to a vector.

                Y
                |
        H---H---H
        |\  |\  |\
        F | F | F |
        | | | | | |
        C | C | C |
        | | | | | |
        X | X | X |
          |   |   |
          Z   Z   Z

        X = input(6, 6, 1, name=camera)
        Z = input(4, name=instruments)
        C = conv2d(3, 3, relu, stride=2)
        F = flatten
        H = gru(6)
        Y = dense(2, tanh)

    Shapes, without the batch:
        input camera: (3, 6, 6, 1) float32
        input instruments: (3, 4) float32
        output y: (2,)
    """
    camera = keras.Input(shape=(3, 6, 6, 1), name="camera")
    instruments = keras.Input(shape=(3, 4), name="instruments")
    conv2d_c = layers.TimeDistributed(
        layers.Conv2D(3, 3, strides=2, activation="relu"),
        name="conv2d_c",
    )(
        layers.TimeDistributed(layers.ZeroPadding2D(((1, 1), (1, 1))))(camera),
    )
    flat_f = layers.TimeDistributed(layers.Flatten(), name="flat_f")(conv2d_c)
    joined = layers.Concatenate()([flat_f, instruments])
    gru_h = layers.GRU(6, name="gru_h")(joined)
    y = layers.Dense(2, activation="tanh", name="dense_y")(gru_h)
    return keras.Model(
        inputs=[camera, instruments],
        outputs=y,
        name="screen_and_instruments",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
