"""Keras model music-two-voices: many-to-many aligned, feedback."""

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
    """Build a model that maps 2 sequences to 2 sequences.

          S   S   S   S     dense(40, log_softmax)
          |   |   |   |
          | A | A | A | A   dense(30, log_softmax)
          |/  |/  |/  |/
          H---H---H---H     gru(8)
         /|  /|  /|  /|
        P | P | P | P |     embedding(6)
        | Q | Q | Q | Q     embedding(5)
        | | | | | | | |
        V | V | V | V |
          W   W   W   W

        V = tokens(40, feedback=S, name=soprano)
        W = tokens(30, feedback=A, name=alto)

    Shapes, without the batch:
        input soprano: (4,) int32
        input alto: (4,) int32
        output s: (4, 40)
        output a: (4, 30)
    """
    soprano = keras.Input(shape=(4,), dtype="int32", name="soprano")
    alto = keras.Input(shape=(4,), dtype="int32", name="alto")
    embedding_q = layers.Embedding(30, 5, name="embedding_q")(alto)
    embedding_p = layers.Embedding(40, 6, name="embedding_p")(soprano)
    joined = layers.Concatenate()([embedding_p, embedding_q])
    gru_h = layers.GRU(8, return_sequences=True, name="gru_h")(joined)
    a = layers.Dense(30, activation="log_softmax", name="dense_a")(gru_h)
    s = layers.Dense(40, activation="log_softmax", name="dense_s")(gru_h)
    return keras.Model(inputs=[soprano, alto], outputs=[s, a], name="music_two_voices")


def decode(
    model: keras.Model,
    soprano: keras.KerasTensor,
    alto: keras.KerasTensor,
    gru_h_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_q = model.get_layer("embedding_q")(alto)
    embedding_p = model.get_layer("embedding_p")(soprano)
    joined = ops.concatenate([embedding_p, embedding_q], axis=-1)
    gru_h, gru_h_state = model.get_layer("gru_h").cell(joined[:, 0], gru_h_state)
    a = model.get_layer("dense_a")(gru_h[:, None])
    s = model.get_layer("dense_s")(gru_h[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (s, a, gru_h_state))


def generate(
    model: keras.Model,
    *,
    start: dict[str, keras.KerasTensor],
    steps: int,
    temperature: float = 0.0,
    stop: dict[str, int] | None = None,
    seed: int | None = None,
) -> dict[str, keras.KerasTensor]:
    """Let the model run free: what it gives at each step is what it reads at the next.

    Args:
        model: what `build_model` made, trained.
        start: prompts by input name: ids, (batch, steps);
            of one step without that axis.
        steps: how many steps to generate.
        temperature: 0 takes the most probable id, above it ids are drawn.
        stop: ids by input name. A sample ends with the first step that has one of
            them, and is filled with that step.
        seed: with the same one, the same ids are drawn.

    Returns:
        By input name: ids, (batch, steps), without the prompts.
    """
    if steps < 1:
        raise ValueError(f"steps should be at least 1, it is {steps}")
    if temperature < 0:
        raise ValueError(f"temperature should be at least 0, it is {temperature}")
    for name in stop or ():
        if name not in ("soprano", "alto"):
            raise ValueError(f"stop may have soprano and alto, it has {name}")
    prompt: dict[str, keras.KerasTensor] = {}
    if start.keys() != {"soprano", "alto"}:
        raise ValueError(
            f"start should have soprano and alto, it has {', '.join(start)}"
        )
    first = ops.convert_to_tensor(start["soprano"], dtype="int32")
    first = first[:, None] if len(first.shape) == 1 else first
    prompt["soprano"] = first
    first = ops.convert_to_tensor(start["alto"], dtype="int32")
    first = first[:, None] if len(first.shape) == 1 else first
    prompt["alto"] = first
    if len({first.shape[1] for first in prompt.values()}) > 1:
        raise ValueError("the prompts in start should have the same number of steps")
    if not all(first.shape[1] for first in prompt.values()):
        raise ValueError("start should have at least one step")
    gru_h_state = model.get_layer("gru_h").get_initial_state(prompt["soprano"].shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt["soprano"].shape[1] - 1):
        soprano = prompt["soprano"][:, step : step + 1]
        alto = prompt["alto"][:, step : step + 1]
        s, a, gru_h_state = decode(model, soprano, alto, gru_h_state)
    soprano = prompt["soprano"][:, -1:]
    alto = prompt["alto"][:, -1:]

    seeds = keras.random.SeedGenerator(seed)
    ended = None
    generated: dict[str, list[keras.KerasTensor]] = {"soprano": [], "alto": []}
    for _ in range(steps):
        s, a, gru_h_state = decode(model, soprano, alto, gru_h_state)
        ids = choose_id(s[:, -1], temperature, seeds)
        soprano = ids[:, None]
        ids = choose_id(a[:, -1], temperature, seeds)
        alto = ids[:, None]
        if ended is not None:
            # A sample that has ended stays as it was.
            before = generated["soprano"][-1]
            soprano = ops.where(ended, before, soprano)
            before = generated["alto"][-1]
            alto = ops.where(ended, before, alto)
        generated["soprano"].append(soprano)
        generated["alto"].append(alto)
        if stop:
            over = [ops.equal(generated[name][-1], id) for name, id in stop.items()]
            ended = ops.any(ops.stack(over), axis=0)
            if ops.all(ended):
                break
    # All have ended: their last step is that of all steps that are left.
    return {
        name: ops.concatenate(made + made[-1:] * (steps - len(made)), axis=1)
        for name, made in generated.items()
    }


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["s", "a"], model.output_shape, strict=True):
        print(name, shape)
