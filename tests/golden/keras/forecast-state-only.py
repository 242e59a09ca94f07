"""Keras model forecast-state-only: encoder-decoder, state handoff."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                  Y Y Y   dense(1)
                  | | |
        E-E-E-E---D-D-D
        | | | |
        X X X X

        X = input(3)
        E = gru(12)
        D = gru(12)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (3, 1)
    """
    x = keras.Input(shape=(4, 3), name="x")
    gru_e, state_h = layers.GRU(12, return_state=True, name="gru_e")(x)
    # Nothing is read at these steps: zeros, for as many samples as there are.
    zeros = layers.RepeatVector(3)(ops.zeros_like(gru_e[:, :1]))
    gru_d = layers.GRU(
        12,
        return_sequences=True,
        name="gru_d",
    )(zeros, initial_state=[state_h])
    y = layers.Dense(1, name="dense_y")(gru_d)
    return keras.Model(inputs=x, outputs=y, name="forecast_state_only")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
