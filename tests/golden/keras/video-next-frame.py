"""Keras model video-next-frame: many-to-many aligned, stacked 2, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids to a sequence of grids.

        Y Y ... Y   conv2d(1, 3, sigmoid)
        | |     |
        H H ... H   convlstm(3, 3)
        | |     |
        N N ... N   batchnorm
        | |     |
        G G ... G   convlstm(4, 3)
        | |     |
        X X ... X   input(6, 6, 1, name=frames)

    Shapes, without the batch:
        input frames: (None, 6, 6, 1) float32
        output y: (None, 6, 6, 1)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 6, 6, 1), name="frames"),
            layers.ConvLSTM2D(
                4,
                3,
                padding="same",
                return_sequences=True,
                name="convlstm_g",
            ),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="batchnorm_n"),
            layers.ConvLSTM2D(
                3,
                3,
                padding="same",
                return_sequences=True,
                name="convlstm_h",
            ),
            layers.TimeDistributed(
                layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
                name="conv2d_y",
            ),
        ],
        name="video_next_frame",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
