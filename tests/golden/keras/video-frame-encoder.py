"""Keras model video-frame-encoder: many-to-one."""

import keras
from keras import layers


def build_frame(filters: int = 4, name: str = "frame") -> keras.Model:
    """Build a model that maps a grid ``x`` to a vector ``d``.

        D   dense(6, relu)
        |
        F   flatten
        |
        P   maxpool2d(2)
        |
        C   conv2d(filters, 3, relu)
        |
        X   input(6, 6, 1)

        filters = 4

    Shapes, without the batch:
        input x: (6, 6, 1) float32
        output d: (6,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 6, 1), name="x"),
            layers.Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                name="conv2d_c",
            ),
            layers.MaxPooling2D(2, name="pooled_p"),
            layers.Flatten(name="flat_f"),
            layers.Dense(6, activation="relu", name="dense_d"),
        ],
        name=name,
    )


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``frames`` to a vector ``y``.

              Y   dense(3, softmax)
              |
        H H H H   lstm(5)
        | | | |
        F F F F   frame(filters=5)
        | | | |
        X X X X   input(6, 6, 1, name=frames)

    Shapes, without the batch:
        input frames: (4, 6, 6, 1) float32
        output y: (3,)
    """
    frames = keras.Input(shape=(4, 6, 6, 1), name="frames")
    frame_f = layers.TimeDistributed(build_frame(filters=5, name="frame_f"))(frames)
    lstm_h = layers.LSTM(5, name="lstm_h")(frame_f)
    y = layers.Dense(3, activation="softmax", name="dense_y")(lstm_h)
    return keras.Model(inputs=frames, outputs=y, name="video_frame_encoder")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
