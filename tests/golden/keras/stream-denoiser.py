"""Keras model stream-denoiser: many-to-many aligned, stacked 2, stateful, variable length."""

import keras
from keras import layers, ops


def build_model(stateful: int | None = None) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

          Y Y ... Y     dense(22, sigmoid)
          | |     |
        *-H-H-...-H-*   gru(24)
          | |     |
        *-G-G-...-G-*   gru(24)
          | |     |
          W W ... W     dense(24, tanh)
          | |     |
          X X ... X     input(42)

    Shapes, without the batch:
        input x: (None, 42) float32
        output y: (None, 22)
        state g_state: (24,)
        state h_state: (24,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.

    With ``stateful``, the size of all batches, the layers keep their states: no states
    go in or come out, and `reset_states` begins anew.
    """
    if stateful is not None:
        return build_stateful_model(stateful)
    x = keras.Input(shape=(None, 42), name="x")
    g_state = keras.Input(shape=(24,), name="g_state")
    h_state = keras.Input(shape=(24,), name="h_state")
    dense_w = layers.Dense(24, activation="tanh", name="dense_w")(x)
    gru_g, gru_g_state_h = layers.GRU(
        24,
        return_sequences=True,
        return_state=True,
        name="gru_g",
    )(dense_w, initial_state=[g_state])
    gru_h, gru_h_state_h = layers.GRU(
        24,
        return_sequences=True,
        return_state=True,
        name="gru_h",
    )(gru_g, initial_state=[h_state])
    y = layers.Dense(22, activation="sigmoid", name="dense_y")(gru_h)
    return keras.Model(
        inputs=[x, g_state, h_state],
        outputs=[y, gru_g_state_h, gru_h_state_h],
        name="stream_denoiser",
    )


def build_stateful_model(batch: int) -> keras.Model:
    """Build the same model with layers that keep their states, for batches of one size."""
    x = keras.Input(batch_shape=(batch, None, 42), name="x")
    dense_w = layers.Dense(24, activation="tanh", name="dense_w")(x)
    gru_g = layers.GRU(24, return_sequences=True, stateful=True, name="gru_g")(dense_w)
    gru_h = layers.GRU(24, return_sequences=True, stateful=True, name="gru_h")(gru_g)
    y = layers.Dense(22, activation="sigmoid", name="dense_y")(gru_h)
    return keras.Model(inputs=x, outputs=y, name="stream_denoiser")


def reset_states(model: keras.Model) -> None:
    """Let the next batch of a stateful model begin with states of zero."""
    for layer in model.layers:
        if isinstance(layer, layers.RNN):
            layer.reset_states()


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 24)), ops.zeros((batch, 24))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "g_state", "h_state"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
