"""Keras model text-mean-and-max: many-to-one, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a vector ``y``.

            Y       dense(6, sigmoid)
           / \
          M   N
          |   |
        +-+-+-+-+
        | | | | |
        H=H=H=H=H   gru(8)
        | | | | |
        X X X X X   input(12)

        M = mean
        N = max

    Shapes, without the batch:
        input x: (5, 12) float32
        output y: (6,)
    """
    x = keras.Input(shape=(5, 12), name="x")
    gru_h = layers.Bidirectional(layers.GRU(8, return_sequences=True), name="gru_h")(x)
    mean_m = layers.GlobalAveragePooling1D()(gru_h)
    max_n = layers.GlobalMaxPooling1D()(gru_h)
    joined = layers.Concatenate()([mean_m, max_n])
    y = layers.Dense(6, activation="sigmoid", name="dense_y")(joined)
    return keras.Model(inputs=x, outputs=y, name="text_mean_and_max")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
