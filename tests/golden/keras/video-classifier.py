"""Keras model video-classifier: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``frames`` to a vector ``y``.

                Y   dense(3, softmax)
                |
        H-H-H-H-H   lstm(8)
        | | | | |
        F F F F F   flatten
        | | | | |
        Q Q Q Q Q   maxpool2d(2)
        | | | | |
        D D D D D   conv2d(6, 3, relu)
        | | | | |
        P P P P P   maxpool2d(2)
        | | | | |
        C C C C C   conv2d(4, 3, relu)
        | | | | |
        X X X X X   input(8, 8, 3, name=frames)

    Shapes, without the batch:
        input frames: (5, 8, 8, 3) float32
        output y: (3,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 8, 8, 3), name="frames"),
            layers.TimeDistributed(
                layers.Conv2D(4, 3, padding="same", activation="relu"),
                name="conv2d_c",
            ),
            layers.TimeDistributed(layers.MaxPooling2D(2), name="pooled_p"),
            layers.TimeDistributed(
                layers.Conv2D(6, 3, padding="same", activation="relu"),
                name="conv2d_d",
            ),
            layers.TimeDistributed(layers.MaxPooling2D(2), name="pooled_q"),
            layers.TimeDistributed(layers.Flatten(), name="flat_f"),
            layers.LSTM(8, name="lstm_h"),
            layers.Dense(3, activation="softmax", name="dense_y"),
        ],
        name="video_classifier",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
