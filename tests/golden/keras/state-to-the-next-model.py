"""Keras model state-to-the-next-model: many-to-one, stateful."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

            Y     dense(2)
            |
        H-H-H-*   lstm(6)
        | | |
        X X X     input(4)

    Shapes, without the batch:
        input x: (3, 4) float32
        output y: (2,)
        state h_state_h: (6,), a result
        state h_state_c: (6,), a result

    New states follow the outputs, in this order.
    """
    x = keras.Input(shape=(3, 4), name="x")
    lstm_h, state_h, state_c = layers.LSTM(6, return_state=True, name="lstm_h")(x)
    y = layers.Dense(2, name="dense_y")(lstm_h)
    return keras.Model(
        inputs=x,
        outputs=[y, state_h, state_c],
        name="state_to_the_next_model",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "h_state_h", "h_state_c"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
