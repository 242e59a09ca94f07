"""Keras model spectrogram-events: many-to-many aligned, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``windows`` to a sequence ``y``.

        Y Y Y Y Y   dense(3, sigmoid)
        | | | | |
        H=H=H=H=H   gru(6)
        | | | | |
        F F F F F   flatten
        | | | | |
        P P P P P   maxpool2d(2)
        | | | | |
        C C C C C   conv2d(4, 3, relu)
        | | | | |
        X X X X X   input(8, 4, 1, name=windows)

    Shapes, without the batch:
        input windows: (5, 8, 4, 1) float32
        output y: (5, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 8, 4, 1), name="windows"),
            layers.TimeDistributed(
                layers.Conv2D(4, 3, padding="same", activation="relu"),
                name="conv2d_c",
            ),
            layers.TimeDistributed(layers.MaxPooling2D(2), name="pooled_p"),
            layers.TimeDistributed(layers.Flatten(), name="flat_f"),
            layers.Bidirectional(layers.GRU(6, return_sequences=True), name="gru_h"),
            layers.Dense(3, activation="sigmoid", name="dense_y"),
        ],
        name="spectrogram_events",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
