"""Keras model state-from-the-last-call: many-to-many aligned, stateful."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``z`` to a sequence ``y``.

          Y Y Y   dense(3, softmax)
          | | |
        *-D-D-D   gru(6)
          | | |
          Z Z Z   input(3)

    Shapes, without the batch:
        input z: (3, 3) float32
        output y: (3, 3)
        state d_state: (6,), an argument

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.
    """
    z = keras.Input(shape=(3, 3), name="z")
    d_state = keras.Input(shape=(6,), name="d_state")
    gru_d = layers.GRU(
        6,
        return_sequences=True,
        name="gru_d",
    )(z, initial_state=[d_state])
    y = layers.Dense(3, activation="softmax", name="dense_y")(gru_d)
    return keras.Model(inputs=[z, d_state], outputs=y, name="state_from_the_last_call")


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 6))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
