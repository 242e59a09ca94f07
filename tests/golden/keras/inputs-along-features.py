"""Keras model inputs-along-features: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``weather`` and ``load`` to a vector ``y``.

                  Y   dense(1)
                  |
          H---H---H   gru(8)
         /|  /|  /|
        Z | Z | Z |   input(2, name=weather)
          |   |   |
          X   X   X   input(4, name=load)

    Shapes, without the batch:
        input weather: (3, 2) float32
        input load: (3, 4) float32
        output y: (1,)
    """
    weather = keras.Input(shape=(3, 2), name="weather")
    load = keras.Input(shape=(3, 4), name="load")
    joined = layers.Concatenate()([weather, load])
    gru_h = layers.GRU(8, name="gru_h")(joined)
    y = layers.Dense(1, name="dense_y")(gru_h)
    return keras.Model(inputs=[weather, load], outputs=y, name="inputs_along_features")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
