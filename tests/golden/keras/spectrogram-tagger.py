"""Keras model spectrogram-tagger: many-to-many aligned, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids to a sequence.

        Y Y ... Y   dense(4, sigmoid)
        | |     |
        H-H-...-H   gru(6)
        | |     |
        M M ... M   mean(grid)
        | |     |
        D D ... D   conv2d(5, 2, relu, stride=2)
        | |     |
        P P ... P   meanpool2d(2)
        | |     |
        B B ... B   batchnorm
        | |     |
        C C ... C   conv2d(4, 3, relu, padding=valid)
        | |     |
        X X ... X   input(10, 6, 1, name=spectrogram)

    Shapes, without the batch:
        input spectrogram: (None, 10, 6, 1) float32
        output y: (None, 4)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 10, 6, 1), name="spectrogram"),
            layers.TimeDistributed(
                layers.Conv2D(4, 3, activation="relu"),
                name="conv2d_c",
            ),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="batchnorm_b"),
            layers.TimeDistributed(layers.AveragePooling2D(2), name="pooled_p"),
            layers.TimeDistributed(layers.ZeroPadding2D(((0, 1), (0, 1)))),
            layers.TimeDistributed(
                layers.Conv2D(5, 2, strides=2, activation="relu"),
                name="conv2d_d",
            ),
            layers.TimeDistributed(layers.GlobalAveragePooling2D(), name="pooled_m"),
            layers.GRU(6, return_sequences=True, name="gru_h"),
            layers.Dense(4, activation="sigmoid", name="dense_y"),
        ],
        name="spectrogram_tagger",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
