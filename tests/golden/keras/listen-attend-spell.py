"""Keras model listen-attend-spell: encoder-decoder, stacked 2, bidirectional, attention, feedback."""

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
    r"""Build a model that maps 2 sequences to a sequence.

                          Y   Y   Y   dense(12, softmax)
                          |   |   |
                          C   C   C   attention
                         /|  /|  /|
          +-------+-----+-|-+-|-+ |
          |       |       |   |   |
          |       |       S---S---S   gru(16, name=speller)
          |       |       |   |   |
          P=======P       |   |   |   gru(8, name=listener)
         / \     / \      |   |   |
        B===B===B===B     W   W   W
        |   |   |   |     |   |   |
        X   X   X   X     Z   Z   Z

        X = input(6, name=speech)
        B = gru(4)
        Z = tokens(12, name=letters, feedback=Y)
        W = embedding(5)

    Shapes, without the batch:
        input speech: (4, 6) float32
        input letters: (3,) int32
        output y: (3, 12)
    """
    speech = keras.Input(shape=(4, 6), name="speech")
    letters = keras.Input(shape=(3,), dtype="int32", name="letters")
    gru_b = layers.Bidirectional(
        layers.GRU(4, return_sequences=True),
        name="gru_b",
    )(speech)
    embedding_w = layers.Embedding(12, 5, name="embedding_w")(letters)
    joined = layers.Concatenate()([gru_b[:, ::2], gru_b[:, 1::2]])
    listener = layers.Bidirectional(
        layers.GRU(8, return_sequences=True),
        name="listener",
    )(joined)
    speller = layers.GRU(16, return_sequences=True, name="speller")(embedding_w)
    attention_c = layers.Attention(name="attention_c")([speller, listener])
    y = layers.Dense(12, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(inputs=[speech, letters], outputs=y, name="listen_attend_spell")


def encode(model: keras.Model, speech: keras.KerasTensor) -> keras.KerasTensor:
    """What is computed once, whatever is generated."""
    gru_b = model.get_layer("gru_b")(speech)
    joined = layers.Concatenate()([gru_b[:, ::2], gru_b[:, 1::2]])
    listener = model.get_layer("listener")(joined)
    return listener


def decode(
    model: keras.Model,
    letters: keras.KerasTensor,
    listener: keras.KerasTensor,
    speller_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(letters)
    speller, speller_state = model.get_layer("speller").cell(
        embedding_w[:, 0],
        speller_state,
    )
    attention_c = model.get_layer("attention_c")([speller[:, None], listener])
    y = model.get_layer("dense_y")(attention_c)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, speller_state))


def generate(
    model: keras.Model,
    speech: keras.KerasTensor,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``letters``.

    Args:
        model: what `build_model` made, trained.
        speech: values, (batch, steps, features).
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
    listener = encode(model, speech)
    speller_state = model.get_layer("speller").get_initial_state(prompt.shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        letters = prompt[:, step : step + 1]
        y, speller_state = decode(model, letters, listener, speller_state)
    letters = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, speller_state = decode(model, letters, listener, speller_state)
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        letters = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
