"""Keras model char-lstm-stacked-stream: many-to-many aligned, stacked 2, stateful."""

import keras
from keras import layers, ops


def build_model(stateful: int | None = None) -> keras.Model:
    """Build a model that maps a sequence ``characters`` to a sequence ``y``.

          Y Y Y Y Y     dense(9, log_softmax)
          | | | | |
          P P P P P     dropout(0.5)
          | | | | |
        *-G-G-G-G-G-*   lstm(6)
          | | | | |
        *-H-H-H-H-H-*   lstm(6, dropout=0.2)
          | | | | |
          X X X X X     input(9, name=characters)

    Shapes, without the batch:
        input characters: (5, 9) float32
        output y: (5, 9)
        state h_state_h: (6,)
        state h_state_c: (6,)
        state g_state_h: (6,)
        state g_state_c: (6,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.

    With ``stateful``, the size of all batches, the layers keep their states: no states
    go in or come out, and `reset_states` begins anew.
    """
    if stateful is not None:
        return build_stateful_model(stateful)
    characters = keras.Input(shape=(5, 9), name="characters")
    h_state_h = keras.Input(shape=(6,), name="h_state_h")
    h_state_c = keras.Input(shape=(6,), name="h_state_c")
    g_state_h = keras.Input(shape=(6,), name="g_state_h")
    g_state_c = keras.Input(shape=(6,), name="g_state_c")
    lstm_h, lstm_h_state_h, lstm_h_state_c = layers.LSTM(
        6,
        dropout=0.2,
        return_sequences=True,
        return_state=True,
        name="lstm_h",
    )(characters, initial_state=[h_state_h, h_state_c])
    lstm_g, lstm_g_state_h, lstm_g_state_c = layers.LSTM(
        6,
        return_sequences=True,
        return_state=True,
        name="lstm_g",
    )(lstm_h, initial_state=[g_state_h, g_state_c])
    dropout_p = layers.Dropout(0.5, name="dropout_p")(lstm_g)
    y = layers.Dense(9, activation="log_softmax", name="dense_y")(dropout_p)
    return keras.Model(
        inputs=[characters, h_state_h, h_state_c, g_state_h, g_state_c],
        outputs=[y, lstm_h_state_h, lstm_h_state_c, lstm_g_state_h, lstm_g_state_c],
        name="char_lstm_stacked_stream",
    )


def build_stateful_model(batch: int) -> keras.Model:
    """Build the same model with layers that keep their states, for batches of one size."""
    characters = keras.Input(batch_shape=(batch, 5, 9), name="characters")
    lstm_h = layers.LSTM(
        6,
        dropout=0.2,
        return_sequences=True,
        stateful=True,
        name="lstm_h",
    )(characters)
    lstm_g = layers.LSTM(6, return_sequences=True, stateful=True, name="lstm_g")(lstm_h)
    dropout_p = layers.Dropout(0.5, name="dropout_p")(lstm_g)
    y = layers.Dense(9, activation="log_softmax", name="dense_y")(dropout_p)
    return keras.Model(inputs=characters, outputs=y, name="char_lstm_stacked_stream")


def reset_states(model: keras.Model) -> None:
    """Let the next batch of a stateful model begin with states of zero."""
    for layer in model.layers:
        if isinstance(layer, layers.RNN):
            layer.reset_states()


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [
        ops.zeros((batch, 6)),
        ops.zeros((batch, 6)),
        ops.zeros((batch, 6)),
        ops.zeros((batch, 6)),
    ]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "h_state_h", "h_state_c", "g_state_h", "g_state_c"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
