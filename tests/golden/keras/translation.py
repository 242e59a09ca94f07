"""Keras model translation: encoder-decoder, state handoff, feedback."""

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
    """Build a model that maps sequences ``x`` and ``z`` to a sequence ``y``.

                    Y Y Y Y Y
                    | | | | |
        E-E-E-E-E-E-D-D-D-D-D
        | | | | | | | | | | |
        M M M M M M N N N N N
        | | | | | | | | | | |
        X X X X X X Z Z Z Z Z

        X = tokens(40)
        Z = tokens(50, feedback=Y)
        M = embedding(24)
        N = embedding(24)
        E = lstm(32, name=encoder)
        D = lstm(32, name=decoder)
        Y = dense(50, softmax)

    Shapes, without the batch:
        input x: (6,) int32
        input z: (5,) int32
        output y: (5, 50)
    """
    x = keras.Input(shape=(6,), dtype="int32", name="x")
    z = keras.Input(shape=(5,), dtype="int32", name="z")
    embedding_m = layers.Embedding(40, 24, name="embedding_m")(x)
    embedding_n = layers.Embedding(50, 24, name="embedding_n")(z)
    _, *encoder_state = layers.LSTM(32, return_state=True, name="encoder")(embedding_m)
    decoder = layers.LSTM(
        32,
        return_sequences=True,
        name="decoder",
    )(embedding_n, initial_state=encoder_state)
    y = layers.Dense(50, activation="softmax", name="dense_y")(decoder)
    return keras.Model(inputs=[x, z], outputs=y, name="translation")


def encode(model: keras.Model, x: keras.KerasTensor) -> list[keras.KerasTensor]:
    """What is computed once, whatever is generated."""
    embedding_m = model.get_layer("embedding_m")(x)
    _, *encoder_state = model.get_layer("encoder")(embedding_m)
    return encoder_state


def decode(
    model: keras.Model,
    z: keras.KerasTensor,
    decoder_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_n = model.get_layer("embedding_n")(z)
    decoder, decoder_state = model.get_layer("decoder").cell(
        embedding_n[:, 0],
        decoder_state,
    )
    y = model.get_layer("dense_y")(decoder[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, decoder_state))


def generate(
    model: keras.Model,
    x: keras.KerasTensor,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``z``.

    Args:
        model: what `build_model` made, trained.
        x: ids, (batch, steps).
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
    decoder_state = encode(model, x)
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        z = prompt[:, step : step + 1]
        y, decoder_state = decode(model, z, decoder_state)
    z = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, decoder_state = decode(model, z, decoder_state)
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        z = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
