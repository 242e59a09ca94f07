"""Keras model length-set-window: many-to-one."""

import keras
from keras import layers


def build_model(window: int = 30, units: int = 20) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                       Y   dense(1)
                       |
        H ..window.. H H   lstm(units)
        |            | |
        X ..window.. X X   input(5)

        window = 30
        units = 20

    Shapes, without the batch:
        input x: (window, 5) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(window, 5), name="x"),
            layers.LSTM(units, name="lstm_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="length_set_window",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
