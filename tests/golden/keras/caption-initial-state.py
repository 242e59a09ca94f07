"""Keras model caption-initial-state: many-to-many aligned, feedback."""

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
    """Build a model that maps a vector and a sequence to a sequence.

            Y Y Y Y   dense(30, softmax)
            | | | |
        +---D-D-D-D   lstm(32)
        |   | | | |
        F   W W W W
        |   | | | |
        I   X X X X

        I = input(24, name=image)
        F = dense(32, tanh)
        X = tokens(30, name=words, feedback=Y)
        W = embedding(12)

    Shapes, without the batch:
        input image: (24,) float32
        input words: (4,) int32
        output y: (4, 30)
    """
    image = keras.Input(shape=(24,), name="image")
    words = keras.Input(shape=(4,), dtype="int32", name="words")
    dense_f = layers.Dense(32, activation="tanh", name="dense_f")(image)
    embedding_w = layers.Embedding(30, 12, name="embedding_w")(words)
    lstm_d = layers.LSTM(32, return_sequences=True, name="lstm_d")(
        embedding_w,
        initial_state=[dense_f, dense_f],
    )
    y = layers.Dense(30, activation="softmax", name="dense_y")(lstm_d)
    return keras.Model(inputs=[image, words], outputs=y, name="caption_initial_state")


def encode(model: keras.Model, image: keras.KerasTensor) -> list[keras.KerasTensor]:
    """What is computed once, whatever is generated."""
    dense_f = model.get_layer("dense_f")(image)
    return [dense_f, dense_f]


def decode(
    model: keras.Model,
    words: keras.KerasTensor,
    lstm_d_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(words)
    lstm_d, lstm_d_state = model.get_layer("lstm_d").cell(
        embedding_w[:, 0],
        lstm_d_state,
    )
    y = model.get_layer("dense_y")(lstm_d[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, lstm_d_state))


def generate(
    model: keras.Model,
    image: keras.KerasTensor,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``words``.

    Args:
        model: what `build_model` made, trained.
        image: values, (batch, features).
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
    lstm_d_state = encode(model, image)
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        words = prompt[:, step : step + 1]
        y, lstm_d_state = decode(model, words, lstm_d_state)
    words = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, lstm_d_state = decode(model, words, lstm_d_state)
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        words = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
