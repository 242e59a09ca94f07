"""Keras model video-mean-of-frames: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``frames`` to a vector ``m``.

          M     mean
          |
        +-+-+
        | | |
        Y Y Y   dense(4, softmax)
        | | |
        F F F   flatten
        | | |
        P P P   maxpool2d(3)
        | | |
        C C C   conv2d(4, 3, relu)
        | | |
        X X X   input(6, 6, 3, name=frames)

    Shapes, without the batch:
        input frames: (3, 6, 6, 3) float32
        output m: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 6, 6, 3), name="frames"),
            layers.TimeDistributed(
                layers.Conv2D(4, 3, padding="same", activation="relu"),
                name="conv2d_c",
            ),
            layers.TimeDistributed(layers.MaxPooling2D(3), name="pooled_p"),
            layers.TimeDistributed(layers.Flatten(), name="flat_f"),
            layers.Dense(4, activation="softmax", name="dense_y"),
            layers.GlobalAveragePooling1D(),
        ],
        name="video_mean_of_frames",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("m", model.output_shape)
