"""Keras model masked-autoencoder: encoder-decoder, masked."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                  Y Y Y Y   dense(3)
                  | | | |
                  D-D-D-D   lstm(8, name=decoder)
                  | | | |
                +-+-+-+-+
                |
        E-E-E-E-+           lstm(8, name=encoder)
        | | | |
        X X X X             input(3, mask=0)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 3)
    """
    x = keras.Input(shape=(4, 3), name="x")
    masked = layers.Masking(mask_value=0.0)(x)
    encoder = layers.LSTM(8, use_cudnn=False, name="encoder")(masked)
    repeated = layers.RepeatVector(4)(encoder)
    decoder = layers.LSTM(8, return_sequences=True, name="decoder")(repeated)
    y = layers.Dense(3, name="dense_y")(decoder)
    return keras.Model(inputs=x, outputs=y, name="masked_autoencoder")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
