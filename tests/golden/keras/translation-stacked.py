"""Keras model translation-stacked: encoder-decoder, stacked 2, state handoff, feedback."""

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


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                Y Y Y
                | | |
        F-F-F---Q-Q-Q
        | | |   | | |
        E-E-E---D-D-D
        | | |   | | |
        M M M   N N N
        | | |   | | |
        X X X   Z Z Z

        X = tokens(20, name=source)
        Z = tokens(25, name=target, feedback=Y)
        M = embedding(8)
        N = embedding(8)
        E = lstm(12)
        D = lstm(12)
        F = lstm(10)
        Q = lstm(10)
        Y = dense(25, softmax)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 25)
    """
    source = keras.Input(shape=(3,), dtype="int32", name="source")
    target = keras.Input(shape=(3,), dtype="int32", name="target")
    embedding_m = layers.Embedding(20, 8, name="embedding_m")(source)
    embedding_n = layers.Embedding(25, 8, name="embedding_n")(target)
    lstm_e, *lstm_e_state = layers.LSTM(
        12,
        return_sequences=True,
        return_state=True,
        name="lstm_e",
    )(embedding_m)
    lstm_d = layers.LSTM(
        12,
        return_sequences=True,
        name="lstm_d",
    )(embedding_n, initial_state=lstm_e_state)
    _, *lstm_f_state = layers.LSTM(10, return_state=True, name="lstm_f")(lstm_e)
    lstm_q = layers.LSTM(
        10,
        return_sequences=True,
        name="lstm_q",
    )(lstm_d, initial_state=lstm_f_state)
    y = layers.Dense(25, activation="softmax", name="dense_y")(lstm_q)
    return keras.Model(inputs=[source, target], outputs=y, name="translation_stacked")


def encode(
    model: keras.Model,
    source: keras.KerasTensor,
) -> tuple[list[keras.KerasTensor], list[keras.KerasTensor]]:
    """What is computed once, whatever is generated."""
    embedding_m = model.get_layer("embedding_m")(source)
    lstm_e, *lstm_e_state = model.get_layer("lstm_e")(embedding_m)
    _, *lstm_f_state = model.get_layer("lstm_f")(lstm_e)
    return lstm_e_state, lstm_f_state


def decode(
    model: keras.Model,
    target: keras.KerasTensor,
    lstm_d_state: list[keras.KerasTensor],
    lstm_q_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor], list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_n = model.get_layer("embedding_n")(target)
    lstm_d, lstm_d_state = model.get_layer("lstm_d").cell(
        embedding_n[:, 0],
        lstm_d_state,
    )
    lstm_q, lstm_q_state = model.get_layer("lstm_q").cell(lstm_d, lstm_q_state)
    y = model.get_layer("dense_y")(lstm_q[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, lstm_d_state, lstm_q_state))


def generate(
    model: keras.Model,
    source: keras.KerasTensor,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``target``.

    Args:
        model: what `build_model` made, trained.
        source: ids, (batch, steps).
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
    lstm_d_state, lstm_q_state = encode(model, source)
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        target = prompt[:, step : step + 1]
        y, lstm_d_state, lstm_q_state = decode(
            model,
            target,
            lstm_d_state,
            lstm_q_state,
        )
    target = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, lstm_d_state, lstm_q_state = decode(
            model,
            target,
            lstm_d_state,
            lstm_q_state,
        )
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        target = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
