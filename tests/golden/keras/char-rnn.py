"""Keras model char-rnn: many-to-many aligned, stacked 2, feedback, variable length."""

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


def build_model(units: int = 24) -> keras.Model:
    """Build a model that maps a sequence ``characters`` to a sequence ``y``.

        Y ..n.. Y   dense(26, softmax)
        |       |
        D ..n.. D   dropout(0.2)
        |       |
        G ..n.. G   lstm(units)
        |       |
        H ..n.. H   lstm(units)
        |       |
        W ..n.. W   embedding(12)
        |       |
        X ..n.. X   tokens(26, name=characters, feedback=Y)

        units = 24

    Shapes, without the batch:
        input characters: (n,) int32
        output y: (n, 26)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32", name="characters"),
            layers.Embedding(26, 12, name="embedding_w"),
            layers.LSTM(units, return_sequences=True, name="lstm_h"),
            layers.LSTM(units, return_sequences=True, name="lstm_g"),
            layers.Dropout(0.2, name="dropout_d"),
            layers.Dense(26, activation="softmax", name="dense_y"),
        ],
        name="char_rnn",
    )


def decode(
    model: keras.Model,
    characters: keras.KerasTensor,
    lstm_h_state: list[keras.KerasTensor],
    lstm_g_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor], list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(characters)
    lstm_h, lstm_h_state = model.get_layer("lstm_h").cell(
        embedding_w[:, 0],
        lstm_h_state,
    )
    lstm_g, lstm_g_state = model.get_layer("lstm_g").cell(lstm_h, lstm_g_state)
    dropout_d = model.get_layer("dropout_d")(lstm_g[:, None])
    y = model.get_layer("dense_y")(dropout_d)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, lstm_h_state, lstm_g_state))


def generate(
    model: keras.Model,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``characters``.

    Args:
        model: what `build_model` made, trained.
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
    lstm_h_state = model.get_layer("lstm_h").get_initial_state(prompt.shape[0])
    lstm_g_state = model.get_layer("lstm_g").get_initial_state(prompt.shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        characters = prompt[:, step : step + 1]
        y, lstm_h_state, lstm_g_state = decode(
            model,
            characters,
            lstm_h_state,
            lstm_g_state,
        )
    characters = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, lstm_h_state, lstm_g_state = decode(
            model,
            characters,
            lstm_h_state,
            lstm_g_state,
        )
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        characters = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
