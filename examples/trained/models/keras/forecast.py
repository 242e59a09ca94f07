"""Keras model forecast: many-to-many aligned, residual, feedback, variable length."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     add
        |\  |\      |\
        C | C | ... C |   dense(2)
        | | | |     | |
        H-|-H-|-...-H |   gru(32)
        |/  |/      |/
        X   X   ... X     input(2, feedback=Y)

    Shapes, without the batch:
        input x: (None, 2) float32
        output y: (None, 2)
    """
    x = keras.Input(shape=(None, 2), name="x")
    gru_h = layers.GRU(32, return_sequences=True, name="gru_h")(x)
    dense_c = layers.Dense(2, name="dense_c")(gru_h)
    y = layers.Add()([dense_c, x])
    return keras.Model(inputs=x, outputs=y, name="forecast")


def decode(
    model: keras.Model,
    x: keras.KerasTensor,
    gru_h_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    gru_h, gru_h_state = model.get_layer("gru_h").cell(x[:, 0], gru_h_state)
    dense_c = model.get_layer("dense_c")(gru_h[:, None])
    y = dense_c + x
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, gru_h_state))


def generate(
    model: keras.Model,
    *,
    start: keras.KerasTensor,
    steps: int,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``x``.

    Args:
        model: what `build_model` made, trained.
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
    gru_h_state = model.get_layer("gru_h").get_initial_state(prompt.shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        x = prompt[:, step : step + 1]
        y, gru_h_state = decode(model, x, gru_h_state)
    x = prompt[:, -1:]
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, gru_h_state = decode(model, x, gru_h_state)
        x = y[:, -1:]
        generated.append(x)
    return ops.concatenate(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
