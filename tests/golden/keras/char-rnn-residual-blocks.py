"""Keras model char-rnn-residual-blocks: many-to-many aligned, feedback, variable length."""

import keras
from keras import layers, ops


def choose_id(
    logits: keras.KerasTensor, temperature: float, seed: keras.random.SeedGenerator
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(logits, axis=-1)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


def last_window(conv: layers.Conv1D, x: keras.KerasTensor) -> keras.KerasTensor:
    """What a causal convolution gives for the last step of what its last window covers."""
    # Of a dilated window every so many steps count: (batch, kernel, features).
    (dilation,) = conv.dilation_rate
    window = x[:, ::dilation]
    y = ops.tensordot(window, ops.cast(conv.kernel, window.dtype), axes=2)
    y = y + ops.cast(conv.bias, y.dtype) if conv.use_bias else y
    return conv.activation(y)[:, None]


def zero_steps(conv: layers.Conv1D, batch: int) -> keras.KerasTensor:
    """What a causal convolution reads before its first step."""
    (kernel,), (dilation,) = conv.kernel_size, conv.dilation_rate
    shape = (batch, (kernel - 1) * dilation, conv.kernel.shape[1])
    return ops.zeros(shape, dtype=conv.compute_dtype)


def build_residual_block(width: int = 6, name: str = "residual_block") -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``a``.

        A   A   ... A
        |\  |\      |\
        | H | H ... | H
        | | | |     | |
        | C | C ... | C
        |/  |/      |/
        X   X   ... X

        X = input(width)
        C = conv(width, 3, relu, padding=causal)
        H = gru(width)
        A = add
        width = 6

    Shapes, without the batch:
        input x: (None, width) float32
        output a: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    conv_c = layers.Conv1D(
        width,
        3,
        padding="causal",
        activation="relu",
        name="conv_c",
    )(x)
    gru_h = layers.GRU(width, return_sequences=True, name="gru_h")(conv_c)
    a = layers.Add()([x, gru_h])
    return keras.Model(inputs=x, outputs=a, name=name)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``z`` to a sequence ``y``.

        Y Y ... Y   dense(20, log_softmax)
        | |     |
        S S ... S   residual_block
        | |     |
        R R ... R   residual_block
        | |     |
        W W ... W   embedding(6)
        | |     |
        Z Z ... Z   tokens(20, feedback=Y)

    Shapes, without the batch:
        input z: (None,) int32
        output y: (None, 20)
    """
    z = keras.Input(shape=(None,), dtype="int32", name="z")
    embedding_w = layers.Embedding(20, 6, name="embedding_w")(z)
    residual_block_r = build_residual_block(name="residual_block_r")(embedding_w)
    residual_block_s = build_residual_block(name="residual_block_s")(residual_block_r)
    y = layers.Dense(20, activation="log_softmax", name="dense_y")(residual_block_s)
    return keras.Model(inputs=z, outputs=y, name="char_rnn_residual_blocks")


def decode_residual_block(
    model: keras.Model,
    x: keras.KerasTensor,
    states: tuple[keras.KerasTensor, list[keras.KerasTensor]] | None,
) -> tuple[keras.KerasTensor, tuple[keras.KerasTensor, list[keras.KerasTensor]]]:
    """The next step, from what is kept of earlier steps, and the state after it."""
    conv_c_state, gru_h_state = states or (
        zero_steps(model.get_layer("conv_c"), x.shape[0]),
        model.get_layer("gru_h").get_initial_state(x.shape[0]),
    )
    conv_c_steps = ops.concatenate([conv_c_state, x], axis=1)
    conv_c = last_window(model.get_layer("conv_c"), conv_c_steps)
    conv_c_state = conv_c_steps[:, 1:]
    gru_h, gru_h_state = model.get_layer("gru_h").cell(conv_c[:, 0], gru_h_state)
    a = x + gru_h[:, None]
    return a, (conv_c_state, gru_h_state)


def decode(
    model: keras.Model,
    z: keras.KerasTensor,
    residual_block_r_state: tuple[keras.KerasTensor, list[keras.KerasTensor]] | None,
    residual_block_s_state: tuple[keras.KerasTensor, list[keras.KerasTensor]] | None,
) -> tuple[
    keras.KerasTensor,
    tuple[keras.KerasTensor, list[keras.KerasTensor]],
    tuple[keras.KerasTensor, list[keras.KerasTensor]],
]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(z)
    residual_block_r, residual_block_r_state = decode_residual_block(
        model.get_layer("residual_block_r"),
        embedding_w,
        residual_block_r_state,
    )
    residual_block_s, residual_block_s_state = decode_residual_block(
        model.get_layer("residual_block_s"),
        residual_block_r,
        residual_block_s_state,
    )
    y = model.get_layer("dense_y")(residual_block_s)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(
        ops.stop_gradient,
        (y, residual_block_r_state, residual_block_s_state),
    )


def generate(
    model: keras.Model,
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
    residual_block_r_state: tuple[keras.KerasTensor, list[keras.KerasTensor]] | None = (
        None
    )
    residual_block_s_state: tuple[keras.KerasTensor, list[keras.KerasTensor]] | None = (
        None
    )
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        z = prompt[:, step : step + 1]
        y, residual_block_r_state, residual_block_s_state = decode(
            model,
            z,
            residual_block_r_state,
            residual_block_s_state,
        )
    z = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, residual_block_r_state, residual_block_s_state = decode(
            model,
            z,
            residual_block_r_state,
            residual_block_s_state,
        )
        ids = choose_id(y[:, -1], temperature, seeds)
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
