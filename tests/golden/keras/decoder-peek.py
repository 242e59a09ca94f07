"""Keras model decoder-peek: encoder-decoder."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                    Y   Y   Y   dense(9, softmax)
                    |   |   |
                    D---D---D   gru(10, name=decoder)
                   /|  /|  /|
              +---+-|-+-|-+ |
              |     |   |   |
        E-E-E-E     |   |   |   gru(8, name=encoder)
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = input(6, name=source)
        Z = input(5, name=target)

    Shapes, without the batch:
        input source: (4, 6) float32
        input target: (3, 5) float32
        output y: (3, 9)
    """
    source = keras.Input(shape=(4, 6), name="source")
    target = keras.Input(shape=(3, 5), name="target")
    encoder = layers.GRU(8, name="encoder")(source)
    repeated = layers.RepeatVector(3)(encoder)
    joined = layers.Concatenate()([repeated, target])
    decoder = layers.GRU(10, return_sequences=True, name="decoder")(joined)
    y = layers.Dense(9, activation="softmax", name="dense_y")(decoder)
    return keras.Model(inputs=[source, target], outputs=y, name="decoder_peek")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
