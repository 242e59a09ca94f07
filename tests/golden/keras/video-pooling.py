"""Keras model video-pooling: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``frames`` to a vector ``y``.

            Y       dense(6, softmax)
            |
            M       max
            |
        +-+-+-+-+
        | | | | |
        F F F F F   dense(12, relu)
        | | | | |
        X X X X X   input(24, name=frames)

    Shapes, without the batch:
        input frames: (5, 24) float32
        output y: (6,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 24), name="frames"),
            layers.Dense(12, activation="relu", name="dense_f"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(6, activation="softmax", name="dense_y"),
        ],
        name="video_pooling",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
