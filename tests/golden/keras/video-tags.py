"""Keras model video-tags: many-to-many aligned, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``x`` to a sequence ``y``.

        Y Y Y Y   dense(3, softmax)
        | | | |
        H=H=H=H   lstm(6)
        | | | |
        F F F F   flatten
        | | | |
        P P P P   meanpool2d(2)
        | | | |
        N N N N   batchnorm
        | | | |
        C C C C   conv2d(4, 3, relu)
        | | | |
        X X X X   input(7, 6, 2)

    Shapes, without the batch:
        input x: (4, 7, 6, 2) float32
        output y: (4, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 7, 6, 2), name="x"),
            layers.TimeDistributed(
                layers.Conv2D(4, 3, padding="same", activation="relu"),
                name="conv2d_c",
            ),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="batchnorm_n"),
            layers.TimeDistributed(layers.AveragePooling2D(2), name="pooled_p"),
            layers.TimeDistributed(layers.Flatten(), name="flat_f"),
            layers.Bidirectional(layers.LSTM(6, return_sequences=True), name="lstm_h"),
            layers.Dense(3, activation="softmax", name="dense_y"),
        ],
        name="video_tags",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
