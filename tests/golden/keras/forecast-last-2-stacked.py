"""Keras model forecast-last-2-stacked: many-to-many last N, stacked 2."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

              Y Y   dense(1)
              | |
        G G G G G   gru(8)
        | | | | |
        H H H H H   gru(12)
        | | | | |
        X X X X X   input(3)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2, 1)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 3), name="x"),
            layers.GRU(12, return_sequences=True, name="gru_h"),
            layers.GRU(8, return_sequences=True, name="gru_g"),
            layers.Cropping1D((3, 0)),
            layers.Dense(1, name="dense_y"),
        ],
        name="forecast_last_2_stacked",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
