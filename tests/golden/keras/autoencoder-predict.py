"""Keras model autoencoder-predict: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                  Y Y   dense(3)
                  | |
                  D-D   gru(8, name=decoder)
                  | |
                +-+-+
                |
        E-E-E-E-E       gru(8, name=encoder)
        | | | | |
        X X X X X       input(3)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 3), name="x"),
            layers.GRU(8, name="encoder"),
            layers.RepeatVector(2),
            layers.GRU(8, return_sequences=True, name="decoder"),
            layers.Dense(3, name="dense_y"),
        ],
        name="autoencoder_predict",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
