"""Keras model wavenet-generated: many-to-many aligned, residual, convolutional, feedback, variable length."""

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


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y     Y     ... Y       dense(12, softmax)
        |     |         |
        K     K     ... K       dense(7, relu)
        |     |         |
        A     A     ... A       add
        |\    |\        |\
        | M   | M   ... | M     multiply
        | |\  | |\      | |\
        | T | | T | ... | T |   conv(6, 2, tanh, padding=causal, dilation=2)
        | | G | | G ... | | G   conv(6, 2, sigmoid, padding=causal, dilation=2)
        |/ /  |/ /      |/ /
        | /   | /       | /
        |/    |/        |/
        C     C     ... C       conv(6, 2, padding=causal)
        |     |         |
        X     X     ... X       input(12, feedback=Y, choose=true)

    Shapes, without the batch:
        input x: (None, 12) float32
        output y: (None, 12)
    """
    x = keras.Input(shape=(None, 12), name="x")
    conv_c = layers.Conv1D(6, 2, padding="causal", name="conv_c")(x)
    conv_g = layers.Conv1D(
        6,
        2,
        padding="causal",
        dilation_rate=2,
        activation="sigmoid",
        name="conv_g",
    )(conv_c)
    conv_t = layers.Conv1D(
        6,
        2,
        padding="causal",
        dilation_rate=2,
        activation="tanh",
        name="conv_t",
    )(conv_c)
    multiply_m = layers.Multiply()([conv_t, conv_g])
    add_a = layers.Add()([conv_c, multiply_m])
    dense_k = layers.Dense(7, activation="relu", name="dense_k")(add_a)
    y = layers.Dense(12, activation="softmax", name="dense_y")(dense_k)
    return keras.Model(inputs=x, outputs=y, name="wavenet_generated")


def decode(
    model: keras.Model,
    x: keras.KerasTensor,
    conv_c_state: keras.KerasTensor,
    conv_g_state: keras.KerasTensor,
    conv_t_state: keras.KerasTensor,
) -> tuple[keras.KerasTensor, keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]:
    """The next step, (batch, 1, ...), and the state behind it."""
    conv_c_steps = ops.concatenate([conv_c_state, x], axis=1)
    conv_c = last_window(model.get_layer("conv_c"), conv_c_steps)
    conv_c_state = conv_c_steps[:, 1:]
    conv_g_steps = ops.concatenate([conv_g_state, conv_c], axis=1)
    conv_g = last_window(model.get_layer("conv_g"), conv_g_steps)
    conv_g_state = conv_g_steps[:, 1:]
    conv_t_steps = ops.concatenate([conv_t_state, conv_c], axis=1)
    conv_t = last_window(model.get_layer("conv_t"), conv_t_steps)
    conv_t_state = conv_t_steps[:, 1:]
    multiply_m = conv_t * conv_g
    add_a = conv_c + multiply_m
    dense_k = model.get_layer("dense_k")(add_a)
    y = model.get_layer("dense_y")(dense_k)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(
        ops.stop_gradient,
        (y, conv_c_state, conv_g_state, conv_t_state),
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
    prompt = ops.one_hot(prompt, 12)
    conv_c_state = zero_steps(model.get_layer("conv_c"), prompt.shape[0])
    conv_g_state = zero_steps(model.get_layer("conv_g"), prompt.shape[0])
    conv_t_state = zero_steps(model.get_layer("conv_t"), prompt.shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        x = prompt[:, step : step + 1]
        y, conv_c_state, conv_g_state, conv_t_state = decode(
            model,
            x,
            conv_c_state,
            conv_g_state,
            conv_t_state,
        )
    x = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, conv_c_state, conv_g_state, conv_t_state = decode(
            model,
            x,
            conv_c_state,
            conv_g_state,
            conv_t_state,
        )
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        x = ops.one_hot(ids[:, None], 12)
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
