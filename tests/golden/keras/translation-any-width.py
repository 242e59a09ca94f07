"""Keras model translation-any-width: encoder-decoder, bidirectional, state handoff, feedback."""

import keras
from keras import layers, ops


def choose_probable(
    probabilities: keras.KerasTensor,
    temperature: float,
    seed: keras.random.SeedGenerator,
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(probabilities, axis=-1)
    logits = ops.log(probabilities)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


def build_model(units: int = 8, words: int = 30) -> keras.Model:
    """Build a model that maps sequences ``s`` and ``t`` to a sequence ``y``.

                  Y Y Y
                  | | |
        E=E=E=E---D-D-D
        | | | |   | | |
        W W W W   V V V
        | | | |   | | |
        S S S S   T T T

        S = tokens(40)
        T = tokens(words, feedback=Y)
        W = embedding(units)
        V = embedding(units)
        E = lstm(units)
        D = lstm(2 * units)
        Y = dense(words, softmax)
        units = 8
        words = 30

    Shapes, without the batch:
        input s: (4,) int32
        input t: (3,) int32
        output y: (3, words)
    """
    s = keras.Input(shape=(4,), dtype="int32", name="s")
    t = keras.Input(shape=(3,), dtype="int32", name="t")
    embedding_w = layers.Embedding(40, units, name="embedding_w")(s)
    embedding_v = layers.Embedding(words, units, name="embedding_v")(t)
    _, forward_h, forward_c, backward_h, backward_c = layers.Bidirectional(
        layers.LSTM(units, return_state=True),
        name="lstm_e",
    )(embedding_w)
    lstm_d = layers.LSTM(2 * units, return_sequences=True, name="lstm_d")(
        embedding_v,
        initial_state=[
            layers.Concatenate()([forward_h, backward_h]),
            layers.Concatenate()([forward_c, backward_c]),
        ],
    )
    y = layers.Dense(words, activation="softmax", name="dense_y")(lstm_d)
    return keras.Model(inputs=[s, t], outputs=y, name="translation_any_width")


def encode(model: keras.Model, s: keras.KerasTensor) -> list[keras.KerasTensor]:
    """What is computed once, whatever is generated."""
    embedding_w = model.get_layer("embedding_w")(s)
    _, *lstm_e_state = model.get_layer("lstm_e")(embedding_w)
    return [
        layers.Concatenate()([lstm_e_state[0], lstm_e_state[2]]),
        layers.Concatenate()([lstm_e_state[1], lstm_e_state[3]]),
    ]


def decode(
    model: keras.Model,
    t: keras.KerasTensor,
    lstm_d_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_v = model.get_layer("embedding_v")(t)
    lstm_d, lstm_d_state = model.get_layer("lstm_d").cell(
        embedding_v[:, 0],
        lstm_d_state,
    )
    y = model.get_layer("dense_y")(lstm_d[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, lstm_d_state))


def generate(
    model: keras.Model,
    s: keras.KerasTensor,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``t``.

    Args:
        model: what `build_model` made, trained.
        s: ids, (batch, steps).
        start: the first ids, (batch,), or those of a prompt, (batch, steps).
        steps: how many ids to generate.
        temperature: 0 takes the most probable id, above it ids are drawn.
        stop: the id behind which a sample is filled with it.
        seed: with the same one, the same ids are drawn.

    Returns:
        Ids, (batch, steps), without the prompt.
    """
    if steps < 1:
        raise ValueError(f"steps should be at least 1, it is {steps}")
    if temperature < 0:
        raise ValueError(f"temperature should be at least 0, it is {temperature}")
    prompt = ops.convert_to_tensor(start, dtype="int32")
    prompt = prompt[:, None] if len(prompt.shape) == 1 else prompt
    if prompt.shape[1] < 1:
        raise ValueError("start should have at least one step")
    lstm_d_state = encode(model, s)
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        t = prompt[:, step : step + 1]
        y, lstm_d_state = decode(model, t, lstm_d_state)
    t = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, lstm_d_state = decode(model, t, lstm_d_state)
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        t = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
