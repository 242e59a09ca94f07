"""Keras model composite-autoencoder: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to sequences ``r`` and ``p``.

                R R R R   P P P
                | | | |   | | |
                G-G-G-G   F-F-F
                | | | |   | | |
              +-+-+-+-+---+-+-+
              |
        E-E-E-E
        | | | |
        X X X X

        X = input(8)
        E = lstm(16)
        G = lstm(16)
        F = lstm(16)
        R = dense(8)
        P = dense(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output r: (4, 8)
        output p: (3, 8)
    """
    x = keras.Input(shape=(4, 8), name="x")
    lstm_e = layers.LSTM(16, name="lstm_e")(x)
    repeated = layers.RepeatVector(4)(lstm_e)
    lstm_g = layers.LSTM(16, return_sequences=True, name="lstm_g")(repeated)
    repeated_2 = layers.RepeatVector(3)(lstm_e)
    lstm_f = layers.LSTM(16, return_sequences=True, name="lstm_f")(repeated_2)
    r = layers.Dense(8, name="dense_r")(lstm_g)
    p = layers.Dense(8, name="dense_p")(lstm_f)
    return keras.Model(inputs=x, outputs=[r, p], name="composite_autoencoder")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["r", "p"], model.output_shape, strict=True):
        print(name, shape)
