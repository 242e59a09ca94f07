"""Keras model stream-dilated: many-to-many aligned, convolutional, stateful, variable length."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

          Y Y ... Y     dense(5, softmax)
          | |     |
        *-H-H-...-H-*   rnn(6)
          | |     |
          B B ... B     conv(8, 2, relu, padding=causal, dilation=2)
          | |     |
          A A ... A     conv(8, 2, relu, padding=causal)
          | |     |
          X X ... X     input(4)

    Shapes, without the batch:
        input x: (None, 4) float32
        output y: (None, 5)
        state a_state: (1, 4)
        state b_state: (2, 8)
        state h_state: (6,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.
    """
    x = keras.Input(shape=(None, 4), name="x")
    a_state = keras.Input(shape=(1, 4), name="a_state")
    b_state = keras.Input(shape=(2, 8), name="b_state")
    h_state = keras.Input(shape=(6,), name="h_state")
    conv_a_steps = layers.Concatenate(axis=1)([a_state, x])
    conv_a = layers.Conv1D(8, 2, activation="relu", name="conv_a")(conv_a_steps)
    conv_b_steps = layers.Concatenate(axis=1)([b_state, conv_a])
    conv_b = layers.Conv1D(
        8,
        2,
        dilation_rate=2,
        activation="relu",
        name="conv_b",
    )(conv_b_steps)
    rnn_h, state_h = layers.SimpleRNN(
        6,
        return_sequences=True,
        return_state=True,
        name="rnn_h",
    )(conv_b, initial_state=[h_state])
    y = layers.Dense(5, activation="softmax", name="dense_y")(rnn_h)
    return keras.Model(
        inputs=[x, a_state, b_state, h_state],
        outputs=[y, conv_a_steps[:, -1:], conv_b_steps[:, -2:], state_h],
        name="stream_dilated",
    )


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 1, 4)), ops.zeros((batch, 2, 8)), ops.zeros((batch, 6))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "a_state", "b_state", "h_state"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
