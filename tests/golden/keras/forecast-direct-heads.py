"""Keras model forecast-direct-heads: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence to 3 vectors.

              A B C
              | | |
              +-+-+
              |
        H H H H       gru(16)
        | | | |
        X X X X       input(2)

        A = dense(1, name=next_hour)
        B = dense(1, name=next_day)
        C = dense(1, name=next_week)

    Shapes, without the batch:
        input x: (4, 2) float32
        output next_hour: (1,)
        output next_day: (1,)
        output next_week: (1,)
    """
    x = keras.Input(shape=(4, 2), name="x")
    gru_h = layers.GRU(16, name="gru_h")(x)
    next_hour = layers.Dense(1, name="next_hour")(gru_h)
    next_day = layers.Dense(1, name="next_day")(gru_h)
    next_week = layers.Dense(1, name="next_week")(gru_h)
    return keras.Model(
        inputs=x,
        outputs=[next_hour, next_day, next_week],
        name="forecast_direct_heads",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["next_hour", "next_day", "next_week"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
