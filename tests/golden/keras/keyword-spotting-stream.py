"""Keras model keyword-spotting-stream: many-to-many aligned, convolutional, stateful, variable length."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``spectrum`` to a sequence ``y``.

          Y Y ... Y
          | |     |
        *-H-H-...-H-*
          | |     |
          F F ... F
          | |     |
          X X ... X

        X = input(40, name=spectrum)
        F = conv(32, 3, relu, padding=causal)
        H = gru(64)
        Y = dense(12, softmax)

    Shapes, without the batch:
        input spectrum: (None, 40) float32
        output y: (None, 12)
        state f_state: (2, 40)
        state h_state: (64,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.
    """
    spectrum = keras.Input(shape=(None, 40), name="spectrum")
    f_state = keras.Input(shape=(2, 40), name="f_state")
    h_state = keras.Input(shape=(64,), name="h_state")
    conv_f_steps = layers.Concatenate(axis=1)([f_state, spectrum])
    conv_f = layers.Conv1D(32, 3, activation="relu", name="conv_f")(conv_f_steps)
    gru_h, state_h = layers.GRU(
        64,
        return_sequences=True,
        return_state=True,
        name="gru_h",
    )(conv_f, initial_state=[h_state])
    y = layers.Dense(12, activation="softmax", name="dense_y")(gru_h)
    return keras.Model(
        inputs=[spectrum, f_state, h_state],
        outputs=[y, conv_f_steps[:, -2:], state_h],
        name="keyword_spotting_stream",
    )


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 2, 40)), ops.zeros((batch, 64))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "f_state", "h_state"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
