"""Keras model truncated-backpropagation: many-to-many aligned, stateful, variable length."""

import keras
from keras import layers, ops


def build_model(stateful: int | None = None) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

          Y Y ... Y
          | |     |
        *-H-H-...-H-*
          | |     |
          W W ... W
          | |     |
          X X ... X

        X = tokens(100)
        W = embedding(32)
        H = lstm(64)
        Y = dense(100)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 100)
        state h_state_h: (64,)
        state h_state_c: (64,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.

    With ``stateful``, the size of all batches, the layers keep their states: no states
    go in or come out, and `reset_states` begins anew.
    """
    if stateful is not None:
        return build_stateful_model(stateful)
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    h_state_h = keras.Input(shape=(64,), name="h_state_h")
    h_state_c = keras.Input(shape=(64,), name="h_state_c")
    embedding_w = layers.Embedding(100, 32, name="embedding_w")(x)
    lstm_h, state_h, state_c = layers.LSTM(
        64,
        return_sequences=True,
        return_state=True,
        name="lstm_h",
    )(embedding_w, initial_state=[h_state_h, h_state_c])
    y = layers.Dense(100, name="dense_y")(lstm_h)
    return keras.Model(
        inputs=[x, h_state_h, h_state_c],
        outputs=[y, state_h, state_c],
        name="truncated_backpropagation",
    )


def build_stateful_model(batch: int) -> keras.Model:
    """Build the same model with layers that keep their states, for batches of one size."""
    x = keras.Input(batch_shape=(batch, None), dtype="int32", name="x")
    embedding_w = layers.Embedding(100, 32, name="embedding_w")(x)
    lstm_h = layers.LSTM(
        64,
        return_sequences=True,
        stateful=True,
        name="lstm_h",
    )(embedding_w)
    y = layers.Dense(100, name="dense_y")(lstm_h)
    return keras.Model(inputs=x, outputs=y, name="truncated_backpropagation")


def reset_states(model: keras.Model) -> None:
    """Let the next batch of a stateful model begin with states of zero."""
    for layer in model.layers:
        if isinstance(layer, layers.RNN):
            layer.reset_states()


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 64)), ops.zeros((batch, 64))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "h_state_h", "h_state_c"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
