"""Keras model image-caption-grid: many-to-many aligned, feedback."""

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
    """Build a model that maps a grid and a sequence to a sequence.

            Y Y Y Y
            | | | |
        +---H-H-H-H
        |   | | | |
        D   W W W W
        |   | | | |
        F   X X X X
        |
        P
        |
        C
        |
        I

        I = input(8, 8, 3, name=image)
        C = conv2d(4, 3, relu)
        P = maxpool2d(4)
        F = flatten
        D = dense(8, tanh)
        X = tokens(20, name=words, feedback=Y)
        W = embedding(6)
        H = gru(8)
        Y = dense(20, log_softmax)

    Shapes, without the batch:
        input image: (8, 8, 3) float32
        input words: (4,) int32
        output y: (4, 20)
    """
    image = keras.Input(shape=(8, 8, 3), name="image")
    words = keras.Input(shape=(4,), dtype="int32", name="words")
    conv2d_c = layers.Conv2D(
        4,
        3,
        padding="same",
        activation="relu",
        name="conv2d_c",
    )(image)
    pooled_p = layers.MaxPooling2D(4, name="pooled_p")(conv2d_c)
    flat_f = layers.Flatten(name="flat_f")(pooled_p)
    dense_d = layers.Dense(8, activation="tanh", name="dense_d")(flat_f)
    embedding_w = layers.Embedding(20, 6, name="embedding_w")(words)
    gru_h = layers.GRU(
        8,
        return_sequences=True,
        name="gru_h",
    )(embedding_w, initial_state=[dense_d])
    y = layers.Dense(20, activation="log_softmax", name="dense_y")(gru_h)
    return keras.Model(inputs=[image, words], outputs=y, name="image_caption_grid")


def encode(model: keras.Model, image: keras.KerasTensor) -> list[keras.KerasTensor]:
    """What is computed once, whatever is generated."""
    conv2d_c = model.get_layer("conv2d_c")(image)
    pooled_p = model.get_layer("pooled_p")(conv2d_c)
    flat_f = model.get_layer("flat_f")(pooled_p)
    dense_d = model.get_layer("dense_d")(flat_f)
    return [dense_d]


def decode(
    model: keras.Model,
    words: keras.KerasTensor,
    gru_h_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(words)
    gru_h, gru_h_state = model.get_layer("gru_h").cell(embedding_w[:, 0], gru_h_state)
    y = model.get_layer("dense_y")(gru_h[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, gru_h_state))


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
        image: values, (batch, height, width, channels).
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
    gru_h_state = encode(model, image)
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        words = prompt[:, step : step + 1]
        y, gru_h_state = decode(model, words, gru_h_state)
    words = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, gru_h_state = decode(model, words, gru_h_state)
        ids = choose_id(y[:, -1], temperature, seeds)
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
