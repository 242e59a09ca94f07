"""Keras model echo-task: many-to-many aligned, stateful."""

import keras
from keras import layers, ops


def build_model(stateful: int | None = None) -> keras.Model:
    """Build a model that maps a sequence ``bits`` to a sequence ``y``.

          Y Y Y Y Y     dense(2, softmax)
          | | | | |
        *-H-H-H-H-H-*   rnn(4)
          | | | | |
          X X X X X     input(1, name=bits)

    Shapes, without the batch:
        input bits: (5, 1) float32
        output y: (5, 2)
        state h_state: (4,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.

    With ``stateful``, the size of all batches, the layers keep their states: no states
    go in or come out, and `reset_states` begins anew.
    """
    if stateful is not None:
        return build_stateful_model(stateful)
    bits = keras.Input(shape=(5, 1), name="bits")
    h_state = keras.Input(shape=(4,), name="h_state")
    rnn_h, state_h = layers.SimpleRNN(
        4,
        return_sequences=True,
        return_state=True,
        name="rnn_h",
    )(bits, initial_state=[h_state])
    y = layers.Dense(2, activation="softmax", name="dense_y")(rnn_h)
    return keras.Model(inputs=[bits, h_state], outputs=[y, state_h], name="echo_task")


def build_stateful_model(batch: int) -> keras.Model:
    """Build the same model with layers that keep their states, for batches of one size."""
    bits = keras.Input(batch_shape=(batch, 5, 1), name="bits")
    rnn_h = layers.SimpleRNN(
        4,
        return_sequences=True,
        stateful=True,
        name="rnn_h",
    )(bits)
    y = layers.Dense(2, activation="softmax", name="dense_y")(rnn_h)
    return keras.Model(inputs=bits, outputs=y, name="echo_task")


def reset_states(model: keras.Model) -> None:
    """Let the next batch of a stateful model begin with states of zero."""
    for layer in model.layers:
        if isinstance(layer, layers.RNN):
            layer.reset_states()


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 4))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["y", "h_state"], model.output_shape, strict=True):
        print(name, shape)
