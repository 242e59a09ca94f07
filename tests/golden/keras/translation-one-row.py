"""Keras model translation-one-row: encoder-decoder, shared weights, state handoff, feedback, variable length."""

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

                    Y ..t.. Y   dense(30, softmax)
                    |       |
        E-..s..-E---D-..t..-D
        |       |   |       |
        W ..s.. W   W ..t.. W
        |       |   |       |
        X ..s.. X   Z ..t.. Z

        X = tokens(30, name=source)
        Z = tokens(30, name=target, feedback=Y)
        W = embedding(8)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (s,) int32
        input target: (t,) int32
        output y: (t, 30)
    """
    source = keras.Input(shape=(None,), dtype="int32", name="source")
    target = keras.Input(shape=(None,), dtype="int32", name="target")
    embedding_w_layer = layers.Embedding(30, 8, name="embedding_w")
    embedding_w_1 = embedding_w_layer(source)
    embedding_w_2 = embedding_w_layer(target)
    _, *encoder_state = layers.GRU(12, return_state=True, name="encoder")(embedding_w_1)
    decoder = layers.GRU(12, return_sequences=True, name="decoder")(
        embedding_w_2,
        initial_state=encoder_state,
    )
    y = layers.Dense(30, activation="softmax", name="dense_y")(decoder)
    return keras.Model(inputs=[source, target], outputs=y, name="translation_one_row")


def encode(model: keras.Model, source: keras.KerasTensor) -> list[keras.KerasTensor]:
    """What is computed once, whatever is generated."""
    embedding_w_1 = model.get_layer("embedding_w")(source)
    _, *encoder_state = model.get_layer("encoder")(embedding_w_1)
    return encoder_state


def decode(
    model: keras.Model,
    target: keras.KerasTensor,
    decoder_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w_2 = model.get_layer("embedding_w")(target)
    decoder, decoder_state = model.get_layer("decoder").cell(
        embedding_w_2[:, 0],
        decoder_state,
    )
    y = model.get_layer("dense_y")(decoder[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, decoder_state))


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
    decoder_state = encode(model, source)
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        target = prompt[:, step : step + 1]
        y, decoder_state = decode(model, target, decoder_state)
    target = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, decoder_state = decode(model, target, decoder_state)
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
