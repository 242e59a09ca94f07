"""Keras model steering-from-video: many-to-many aligned."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``camera`` to a sequence ``y``.

        Y Y Y Y   dense(1)
        | | | |
        H-H-H-H   lstm(5)
        | | | |
        D D D D   dense(8, elu)
        | | | |
        F F F F   flatten
        | | | |
        E E E E   conv2d(6, 3, elu, padding=valid)
        | | | |
        C C C C   conv2d(4, 5, elu, stride=2, padding=valid)
        | | | |
        X X X X   input(13, 17, 3, name=camera)

    Shapes, without the batch:
        input camera: (4, 13, 17, 3) float32
        output y: (4, 1)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 13, 17, 3), name="camera"),
            layers.TimeDistributed(
                layers.Conv2D(4, 5, strides=2, activation="elu"),
                name="conv2d_c",
            ),
            layers.TimeDistributed(
                layers.Conv2D(6, 3, activation="elu"),
                name="conv2d_e",
            ),
            layers.TimeDistributed(layers.Flatten(), name="flat_f"),
            layers.Dense(8, activation="elu", name="dense_d"),
            layers.LSTM(5, return_sequences=True, name="lstm_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="steering_from_video",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
