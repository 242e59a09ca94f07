"""Keras model state-in-and-out: many-to-many aligned, stateful, variable length."""

import keras
from keras import layers, ops


def build_model(stateful: int | None = None) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``h``.

        *-H-H-...-H-*   lstm(8)
          | |     |
          X X ... X     input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output h: (None, 8)
        state h_state_h: (8,)
        state h_state_c: (8,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.

    With ``stateful``, the size of all batches, the layers keep their states: no states
    go in or come out, and `reset_states` begins anew.
    """
    if stateful is not None:
        return build_stateful_model(stateful)
    x = keras.Input(shape=(None, 3), name="x")
    h_state_h = keras.Input(shape=(8,), name="h_state_h")
    h_state_c = keras.Input(shape=(8,), name="h_state_c")
    h, state_h, state_c = layers.LSTM(
        8,
        return_sequences=True,
        return_state=True,
        name="lstm_h",
    )(x, initial_state=[h_state_h, h_state_c])
    return keras.Model(
        inputs=[x, h_state_h, h_state_c],
        outputs=[h, state_h, state_c],
        name="state_in_and_out",
    )


def build_stateful_model(batch: int) -> keras.Model:
    """Build the same model with layers that keep their states, for batches of one size."""
    x = keras.Input(batch_shape=(batch, None, 3), name="x")
    h = layers.LSTM(8, return_sequences=True, stateful=True, name="lstm_h")(x)
    return keras.Model(inputs=x, outputs=h, name="state_in_and_out")


def reset_states(model: keras.Model) -> None:
    """Let the next batch of a stateful model begin with states of zero."""
    for layer in model.layers:
        if isinstance(layer, layers.RNN):
            layer.reset_states()


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 8)), ops.zeros((batch, 8))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["h", "h_state_h", "h_state_c"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
