"""Keras model siamese: many-to-one, shared weights."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``z`` to a vector ``y``.

                  Y
                  |
            +-----+-----+
            |           |
        L-L-L       L-L-L
        | | |       | | |
        X X X       Z Z Z

        X = input(8)
        Z = input(8)
        L = lstm(16)
        Y = dense(1, sigmoid)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 8) float32
        output y: (1,)
    """
    x = keras.Input(shape=(3, 8), name="x")
    z = keras.Input(shape=(3, 8), name="z")
    lstm_l_layer = layers.LSTM(16, name="lstm_l")
    lstm_l_1 = lstm_l_layer(x)
    lstm_l_2 = lstm_l_layer(z)
    joined = layers.Concatenate()([lstm_l_1, lstm_l_2])
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(joined)
    return keras.Model(inputs=[x, z], outputs=y, name="siamese")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
