"""Keras model forecast-known-future: encoder-decoder, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``past`` and ``future`` to a sequence ``y``.

                    Y Y Y   dense(1)
                    | | |
        E-E-E-E-E---D-D-D
        | | | | |   | | |
        X X X X X   Z Z Z

        X = input(6, name=past)
        Z = input(4, name=future)
        E = lstm(16, name=encoder)
        D = lstm(16, name=decoder)

    Shapes, without the batch:
        input past: (5, 6) float32
        input future: (3, 4) float32
        output y: (3, 1)
    """
    past = keras.Input(shape=(5, 6), name="past")
    future = keras.Input(shape=(3, 4), name="future")
    _, *encoder_state = layers.LSTM(16, return_state=True, name="encoder")(past)
    decoder = layers.LSTM(
        16,
        return_sequences=True,
        name="decoder",
    )(future, initial_state=encoder_state)
    y = layers.Dense(1, name="dense_y")(decoder)
    return keras.Model(inputs=[past, future], outputs=y, name="forecast_known_future")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
