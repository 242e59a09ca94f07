"""Keras model video-two-streams: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences of grids to a vector.

                Y
                |
        H---H---H
        |\  |\  |\
        M | M | M |
        | | | | | |
        C | C | C |
        | | | | | |
        X | X | X |
          |   |   |
          N   N   N
          |   |   |
          D   D   D
          |   |   |
          Z   Z   Z

        X = input(6, 6, 3, name=frames)
        Z = input(6, 6, 2, name=flow)
        C = conv2d(4, 3, relu)
        D = conv2d(4, 3, relu)
        M = mean(grid)
        N = mean(grid)
        H = lstm(5)
        Y = dense(3, softmax)

    Shapes, without the batch:
        input frames: (3, 6, 6, 3) float32
        input flow: (3, 6, 6, 2) float32
        output y: (3,)
    """
    frames = keras.Input(shape=(3, 6, 6, 3), name="frames")
    flow = keras.Input(shape=(3, 6, 6, 2), name="flow")
    conv2d_d = layers.TimeDistributed(
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        name="conv2d_d",
    )(flow)
    pooled_n = layers.TimeDistributed(
        layers.GlobalAveragePooling2D(),
        name="pooled_n",
    )(conv2d_d)
    conv2d_c = layers.TimeDistributed(
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        name="conv2d_c",
    )(frames)
    pooled_m = layers.TimeDistributed(
        layers.GlobalAveragePooling2D(),
        name="pooled_m",
    )(conv2d_c)
    joined = layers.Concatenate()([pooled_m, pooled_n])
    lstm_h = layers.LSTM(5, name="lstm_h")(joined)
    y = layers.Dense(3, activation="softmax", name="dense_y")(lstm_h)
    return keras.Model(inputs=[frames, flow], outputs=y, name="video_two_streams")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
