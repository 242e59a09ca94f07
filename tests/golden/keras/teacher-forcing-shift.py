"""Keras model teacher-forcing-shift: encoder-decoder, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                Y Y Y Y   dense(9, softmax)
                | | | |
        E-E-E---D-D-D-D
        | | |    / / /
        X X X   Z Z Z

        X = input(6, name=source)
        Z = input(7, name=target)
        E = lstm(10, name=encoder)
        D = lstm(10, name=decoder)

    Shapes, without the batch:
        input source: (3, 6) float32
        input target: (3, 7) float32
        output y: (4, 9)
    """
    source = keras.Input(shape=(3, 6), name="source")
    target = keras.Input(shape=(3, 7), name="target")
    _, *encoder_state = layers.LSTM(10, return_state=True, name="encoder")(source)
    padded = layers.ZeroPadding1D((1, 0))(target)
    decoder = layers.LSTM(
        10,
        return_sequences=True,
        name="decoder",
    )(padded, initial_state=encoder_state)
    y = layers.Dense(9, activation="softmax", name="dense_y")(decoder)
    return keras.Model(inputs=[source, target], outputs=y, name="teacher_forcing_shift")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
