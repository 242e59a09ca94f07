"""Keras model autoencoder-bottleneck: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                Y Y Y Y Y   dense(6)
                | | | | |
                D-D-D-D-D   lstm(16, name=decoder)
                | | | | |
                +-+-+-+-+
                |
                C           dense(4, relu, name=latent)
                |
        E-E-E-E-E           lstm(16, name=encoder)
        | | | | |
        X X X X X           input(6)

    Shapes, without the batch:
        input x: (5, 6) float32
        output y: (5, 6)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 6), name="x"),
            layers.LSTM(16, name="encoder"),
            layers.Dense(4, activation="relu", name="latent"),
            layers.RepeatVector(5),
            layers.LSTM(16, return_sequences=True, name="decoder"),
            layers.Dense(6, name="dense_y"),
        ],
        name="autoencoder_bottleneck",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
