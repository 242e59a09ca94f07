"""Keras model forecast-calendar-fed: encoder-decoder, state handoff, feedback."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps 3 sequences to a sequence.

                  Y   Y   Y   dense(1)
                  |   |   |
        E-E-E-E---D---D---D
        | | | |  /|  /|  /|
        | | | | Z | Z | Z |
        | | | |   |   |   |
        V V V V   C   C   C

        V = input(4, name=history)
        Z = input(1, feedback=Y, name=last_value)
        C = input(3, name=calendar)
        E = lstm(7, name=encoder)
        D = lstm(7, name=decoder)

    Shapes, without the batch:
        input history: (4, 4) float32
        input last_value: (3, 1) float32
        input calendar: (3, 3) float32
        output y: (3, 1)
    """
    history = keras.Input(shape=(4, 4), name="history")
    last_value = keras.Input(shape=(3, 1), name="last_value")
    calendar = keras.Input(shape=(3, 3), name="calendar")
    _, *encoder_state = layers.LSTM(7, return_state=True, name="encoder")(history)
    joined = layers.Concatenate()([last_value, calendar])
    decoder = layers.LSTM(
        7,
        return_sequences=True,
        name="decoder",
    )(joined, initial_state=encoder_state)
    y = layers.Dense(1, name="dense_y")(decoder)
    return keras.Model(
        inputs=[history, last_value, calendar],
        outputs=y,
        name="forecast_calendar_fed",
    )


def encode(
    model: keras.Model,
    history: keras.KerasTensor,
    calendar: keras.KerasTensor,
) -> list[keras.KerasTensor]:
    """What is computed once, whatever is generated."""
    _, *encoder_state = model.get_layer("encoder")(history)
    return encoder_state


def decode(
    model: keras.Model,
    last_value: keras.KerasTensor,
    calendar: keras.KerasTensor,
    decoder_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    joined = ops.concatenate([last_value, calendar], axis=-1)
    decoder, decoder_state = model.get_layer("decoder").cell(
        joined[:, 0],
        decoder_state,
    )
    y = model.get_layer("dense_y")(decoder[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, decoder_state))


def generate(
    model: keras.Model,
    history: keras.KerasTensor,
    calendar: keras.KerasTensor,
    *,
    start: keras.KerasTensor,
    steps: int,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``last_value``.

    Args:
        model: what `build_model` made, trained.
        history: values, (batch, steps, features).
        calendar: values, (batch, steps, features).
        start: the first values, (batch, features), or (batch, steps, features).
        steps: how many steps to generate.

    Returns:
        Values, (batch, steps, features), without those given.
    """
    if steps < 1:
        raise ValueError(f"steps should be at least 1, it is {steps}")
    prompt = ops.convert_to_tensor(start, dtype=keras.config.floatx())
    prompt = prompt[:, None] if len(prompt.shape) == 2 else prompt
    if prompt.shape[1] < 1:
        raise ValueError("start should have at least one step")
    length = prompt.shape[1] + steps - 1
    if calendar.shape[1] < length:
        given = calendar.shape[1]
        raise ValueError(f"calendar has {given} steps, {length} are needed")
    decoder_state = encode(model, history, calendar)
    begin = 0
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        last_value = prompt[:, step : step + 1]
        y, decoder_state = decode(
            model,
            last_value,
            calendar[:, begin : begin + 1],
            decoder_state,
        )
        begin += last_value.shape[1]
    last_value = prompt[:, -1:]
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, decoder_state = decode(
            model,
            last_value,
            calendar[:, begin : begin + 1],
            decoder_state,
        )
        begin += last_value.shape[1]
        last_value = y[:, -1:]
        generated.append(last_value)
    return ops.concatenate(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
