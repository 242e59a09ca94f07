"""Keras model copy-two-rows: encoder-decoder, state handoff."""

import keras
from keras import layers, ops


def build_model(units: int = 16) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

              Y Y Y   dense(5)
              | | |
        E-E-E-D-D-D
        | | |
        X X X         input(5)

        E = lstm(units)
        D = lstm(units)
        units = 16

    Shapes, without the batch:
        input x: (3, 5) float32
        output y: (3, 5)
    """
    x = keras.Input(shape=(3, 5), name="x")
    lstm_e, state_h, state_c = layers.LSTM(units, return_state=True, name="lstm_e")(x)
    # Nothing is read at these steps: zeros, for as many samples as there are.
    zeros = layers.RepeatVector(3)(ops.zeros_like(lstm_e[:, :1]))
    lstm_d = layers.LSTM(
        units,
        return_sequences=True,
        name="lstm_d",
    )(zeros, initial_state=[state_h, state_c])
    y = layers.Dense(5, name="dense_y")(lstm_d)
    return keras.Model(inputs=x, outputs=y, name="copy_two_rows")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
