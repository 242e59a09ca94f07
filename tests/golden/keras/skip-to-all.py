"""Keras model skip-to-all: many-to-many aligned, stacked 2."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

          Y     Y     Y     dense(5)
          |\    |\    |\
          G |   G |   G |   lstm(8)
         /|/   /|/   /|/
        | H   | H   | H     lstm(8)
        |/    |/    |/
        X     X     X       input(6)

    Shapes, without the batch:
        input x: (3, 6) float32
        output y: (3, 5)
    """
    x = keras.Input(shape=(3, 6), name="x")
    lstm_h = layers.LSTM(8, return_sequences=True, name="lstm_h")(x)
    joined = layers.Concatenate()([x, lstm_h])
    lstm_g = layers.LSTM(8, return_sequences=True, name="lstm_g")(joined)
    joined_2 = layers.Concatenate()([lstm_g, lstm_h])
    y = layers.Dense(5, name="dense_y")(joined_2)
    return keras.Model(inputs=x, outputs=y, name="skip_to_all")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
