"""Keras model multi-source: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                    Y Y Y Y   dense(9, softmax)
                    | | | |
                    D-D-D-D   gru(10, name=decoder)
                    | | | |
                  +-+-+-+-+
                  |
                  C           dense(12, tanh)
                  |
            +-----+-+
            |       |
        E-E-E   F-F-F
        | | |   | | |
        X X X   Z Z Z

        X = input(6, name=french)
        Z = input(7, name=german)
        E = gru(8)
        F = gru(8)

    Shapes, without the batch:
        input french: (3, 6) float32
        input german: (3, 7) float32
        output y: (4, 9)
    """
    french = keras.Input(shape=(3, 6), name="french")
    german = keras.Input(shape=(3, 7), name="german")
    gru_e = layers.GRU(8, name="gru_e")(french)
    gru_f = layers.GRU(8, name="gru_f")(german)
    joined = layers.Concatenate()([gru_e, gru_f])
    dense_c = layers.Dense(12, activation="tanh", name="dense_c")(joined)
    repeated = layers.RepeatVector(4)(dense_c)
    decoder = layers.GRU(10, return_sequences=True, name="decoder")(repeated)
    y = layers.Dense(9, activation="softmax", name="dense_y")(decoder)
    return keras.Model(inputs=[french, german], outputs=y, name="multi_source")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
