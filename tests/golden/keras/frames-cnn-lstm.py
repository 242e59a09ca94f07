"""Keras model frames-cnn-lstm: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``frames`` to a vector ``y``.

              Y
              |
        H H H H
        | | | |
        F F F F
        | | | |
        P P P P
        | | | |
        C C C C
        | | | |
        X X X X

        X = input(16, 16, 3, name=frames)
        C = conv2d(8, 3, relu, padding=same)
        P = maxpool2d(2)
        F = flatten
        H = lstm(32)
        Y = dense(5, softmax)

    Shapes, without the batch:
        input frames: (4, 16, 16, 3) float32
        output y: (5,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 16, 16, 3), name="frames"),
            layers.TimeDistributed(
                layers.Conv2D(8, 3, padding="same", activation="relu"),
                name="conv2d_c",
            ),
            layers.TimeDistributed(layers.MaxPooling2D(2), name="pooled_p"),
            layers.TimeDistributed(layers.Flatten(), name="flat_f"),
            layers.LSTM(32, name="lstm_h"),
            layers.Dense(5, activation="softmax", name="dense_y"),
        ],
        name="frames_cnn_lstm",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
