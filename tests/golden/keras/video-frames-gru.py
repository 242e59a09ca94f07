"""Keras model video-frames-gru: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``frames`` to a vector ``y``.

                Y   dense(4, softmax)
                |
        H H H H H   gru(8)
        | | | | |
        M M M M M   mean(grid)
        | | | | |
        D D D D D   conv2d(6, 3, relu, stride=2)
        | | | | |
        C C C C C   conv2d(4, 3, relu, stride=2)
        | | | | |
        X X X X X   input(12, 10, 3, name=frames)

    Shapes, without the batch:
        input frames: (5, 12, 10, 3) float32
        output y: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 12, 10, 3), name="frames"),
            layers.TimeDistributed(layers.ZeroPadding2D(((1, 1), (1, 1)))),
            layers.TimeDistributed(
                layers.Conv2D(4, 3, strides=2, activation="relu"),
                name="conv2d_c",
            ),
            layers.TimeDistributed(layers.ZeroPadding2D(((1, 1), (1, 1)))),
            layers.TimeDistributed(
                layers.Conv2D(6, 3, strides=2, activation="relu"),
                name="conv2d_d",
            ),
            layers.TimeDistributed(layers.GlobalAveragePooling2D(), name="pooled_m"),
            layers.GRU(8, name="gru_h"),
            layers.Dense(4, activation="softmax", name="dense_y"),
        ],
        name="video_frames_gru",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
