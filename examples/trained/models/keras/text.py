"""Keras model text: many-to-many aligned, feedback, variable length."""

import keras
from keras import layers, ops


def choose_id(
    logits: keras.KerasTensor, temperature: float, seed: keras.random.SeedGenerator
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(logits, axis=-1)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(96)
        | |     |
        H-H-...-H   gru(192)
        | |     |
        W W ... W   embedding(32)
        | |     |
        X X ... X   tokens(96, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 96)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32", name="x"),
            layers.Embedding(96, 32, name="embedding_w"),
            layers.GRU(192, return_sequences=True, name="gru_h"),
            layers.Dense(96, name="dense_y"),
        ],
        name="text",
    )


def decode(
    model: keras.Model,
    x: keras.KerasTensor,
    gru_h_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(x)
    gru_h, gru_h_state = model.get_layer("gru_h").cell(embedding_w[:, 0], gru_h_state)
    y = model.get_layer("dense_y")(gru_h[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, gru_h_state))


def generate(
    model: keras.Model,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``x``.

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
    gru_h_state = model.get_layer("gru_h").get_initial_state(prompt.shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        x = prompt[:, step : step + 1]
        y, gru_h_state = decode(model, x, gru_h_state)
    x = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, gru_h_state = decode(model, x, gru_h_state)
        ids = choose_id(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        x = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
