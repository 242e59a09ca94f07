"""Keras model keyword-windows: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``windows`` to a vector ``y``.

                Y   dense(4, softmax)
                |
        H-H-H-H-H   gru(6)
        | | | | |
        F F F F F   flatten
        | | | | |
        P P P P P   maxpool2d(2)
        | | | | |
        C C C C C   conv2d(3, 3, relu)
        | | | | |
        X X X X X   input(6, 4, 1, name=windows)

    Shapes, without the batch:
        input windows: (5, 6, 4, 1) float32
        output y: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 6, 4, 1), name="windows"),
            layers.TimeDistributed(
                layers.Conv2D(3, 3, padding="same", activation="relu"),
                name="conv2d_c",
            ),
            layers.TimeDistributed(layers.MaxPooling2D(2), name="pooled_p"),
            layers.TimeDistributed(layers.Flatten(), name="flat_f"),
            layers.GRU(6, name="gru_h"),
            layers.Dense(4, activation="softmax", name="dense_y"),
        ],
        name="keyword_windows",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
