"""Keras model translation-bidirectional-both: encoder-decoder, bidirectional, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``z`` to a sequence ``y``.

                  Y Y Y
                  | | |
        E=E=E=E===D=D=D
        | | | |   | | |
        X X X X   Z Z Z

        X = input(8)
        Z = input(7)
        E = lstm(6)
        D = lstm(6)
        Y = dense(9, softmax)

    Shapes, without the batch:
        input x: (4, 8) float32
        input z: (3, 7) float32
        output y: (3, 9)
    """
    x = keras.Input(shape=(4, 8), name="x")
    z = keras.Input(shape=(3, 7), name="z")
    _, *lstm_e_state = layers.Bidirectional(
        layers.LSTM(6, return_state=True),
        name="lstm_e",
    )(x)
    lstm_d = layers.Bidirectional(
        layers.LSTM(6, return_sequences=True),
        name="lstm_d",
    )(z, initial_state=lstm_e_state)
    y = layers.Dense(9, activation="softmax", name="dense_y")(lstm_d)
    return keras.Model(inputs=[x, z], outputs=y, name="translation_bidirectional_both")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
