"""Keras model translation-characters: encoder-decoder, state handoff, feedback, variable length."""

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

                    Y Y ... Y   dense(11, softmax)
                    | |     |
        E-E-...-E---D-D-...-D
        | |     |   | |     |
        X X ... X   Z Z ... Z

        X = input(9, name=letters)
        Z = input(11, name=translated, feedback=Y, choose=true)
        E = lstm(8, name=encoder)
        D = lstm(8, name=decoder)

    Shapes, without the batch:
        input letters: (None, 9) float32
        input translated: (None, 11) float32
        output y: (None, 11)
    """
    letters = keras.Input(shape=(None, 9), name="letters")
    translated = keras.Input(shape=(None, 11), name="translated")
    _, *encoder_state = layers.LSTM(8, return_state=True, name="encoder")(letters)
    decoder = layers.LSTM(
        8,
        return_sequences=True,
        name="decoder",
    )(translated, initial_state=encoder_state)
    y = layers.Dense(11, activation="softmax", name="dense_y")(decoder)
    return keras.Model(
        inputs=[letters, translated],
        outputs=y,
        name="translation_characters",
    )


def encode(model: keras.Model, letters: keras.KerasTensor) -> list[keras.KerasTensor]:
    """What is computed once, whatever is generated."""
    _, *encoder_state = model.get_layer("encoder")(letters)
    return encoder_state


def decode(
    model: keras.Model,
    translated: keras.KerasTensor,
    decoder_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    decoder, decoder_state = model.get_layer("decoder").cell(
        translated[:, 0],
        decoder_state,
    )
    y = model.get_layer("dense_y")(decoder[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, decoder_state))


def generate(
    model: keras.Model,
    letters: keras.KerasTensor,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``translated``.

    Args:
        model: what `build_model` made, trained.
        letters: values, (batch, steps, features).
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
    prompt = ops.one_hot(prompt, 11)
    decoder_state = encode(model, letters)
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        translated = prompt[:, step : step + 1]
        y, decoder_state = decode(model, translated, decoder_state)
    translated = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, decoder_state = decode(model, translated, decoder_state)
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        translated = ops.one_hot(ids[:, None], 11)
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
