"""Keras model number-words: encoder-decoder, bidirectional, state handoff, feedback, masked, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class PaddedAtEnd(layers.Layer):
    """Pass a sequence through, and refuse padding before a valid step.

    Compilers (XLA by ``jit_compile=True``, ``jax.jit``, ``torch.compile``) drop the check.
    """

    def call(self, x: keras.KerasTensor, valid: keras.KerasTensor) -> keras.KerasTensor:
        stray = ops.any(ops.logical_and(valid[:, 1:], ops.logical_not(valid[:, :-1])))
        message = "padding=end: a padded step comes before a valid step"
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            # Takes effect within a graph as well.
            tf.debugging.assert_equal(stray, False, message=message)
        elif _is_true(stray):
            raise ValueError(message)
        return x

    def compute_output_spec(
        self, x: keras.KerasTensor, valid: keras.KerasTensor
    ) -> keras.KerasTensor:
        return keras.KerasTensor(x.shape, dtype=x.dtype)


def _is_true(tensor: keras.KerasTensor) -> bool:
    """Whether a tensor is true, and no compiler traces the call."""
    if keras.backend.backend() == "torch":
        import torch

        return not torch.compiler.is_compiling() and bool(tensor)
    try:
        return bool(tensor)
    except TypeError:
        # A traced tensor has no value yet.
        return False


@keras.saving.register_keras_serializable()
class ZeroMasked(layers.Layer):
    """Zero the padded steps of a sequence; its mask goes on with it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(
        self, x: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        return x if mask is None else ops.where(mask[..., None], x, 0.0)


def choose_id(
    logits: keras.KerasTensor, temperature: float, seed: keras.random.SeedGenerator
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(logits, axis=-1)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


def valid_state(
    valid: keras.KerasTensor,
    new: list[keras.KerasTensor],
    old: list[keras.KerasTensor],
) -> list[keras.KerasTensor]:
    """The new state of the samples whose step is valid, the old one of the others."""
    pairs = zip(new, old, strict=True)
    return [ops.where(valid[:, None], *pair) for pair in pairs]


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                      Y ... Y   dense(30)
                      |     |
                  +---D-...-D
                  |  /|    /|
                  +-+-|---+ |
                  |   |     |
        E=E=...=E-+   |     |
        | |     |     |     |
        W W ... W     V ... V
        | |     |     |     |
        X X ... X     Z ... Z

        X = tokens(30, name=source, padding=end)
        Z = tokens(30, feedback=Y, name=target)
        W = embedding(32, mask=true)
        V = embedding(32, mask=true)
        E = gru(64, name=encoder)
        D = gru(128, name=decoder)

    Shapes, without the batch:
        input source: (None,) int32
        input target: (None,) int32
        output y: (None, 30)
    """
    source = keras.Input(shape=(None,), dtype="int32", name="source")
    target = keras.Input(shape=(None,), dtype="int32", name="target")
    mask = ops.not_equal(source, 0)
    checked = PaddedAtEnd()(source, mask)
    embedding_w = layers.Embedding(30, 32, mask_zero=True, name="embedding_w")(checked)
    mask_2 = ops.not_equal(target, 0)
    embedding_v = layers.Embedding(30, 32, name="embedding_v")(target)
    embedding_v = ops.where(mask_2[..., None], embedding_v, 0.0)
    encoder, forward_h, backward_h = layers.Bidirectional(
        layers.GRU(64, return_state=True),
        name="encoder",
    )(embedding_w)
    # The same at each step, however many there are.
    repeated = ops.expand_dims(encoder, 1) * ops.ones_like(target[..., None][:, :, :1])
    joined = layers.Concatenate()([repeated, embedding_v])
    decoder = layers.GRU(
        128,
        return_sequences=True,
        zero_output_for_mask=True,
        use_cudnn=False,
        name="decoder",
    )(
        joined,
        mask=mask_2,
        initial_state=[layers.Concatenate()([forward_h, backward_h])],
    )
    y = layers.Dense(30, name="dense_y")(decoder)
    y = ZeroMasked()(y, mask=mask_2)
    return keras.Model(inputs=[source, target], outputs=y, name="number_words")


def encode(
    model: keras.Model,
    source: keras.KerasTensor,
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """What is computed once, whatever is generated."""
    mask = ops.not_equal(source, 0)
    checked = PaddedAtEnd()(source, mask)
    embedding_w = model.get_layer("embedding_w")(checked)
    encoder, forward_h, backward_h = model.get_layer("encoder")(embedding_w, mask=mask)
    return encoder, [layers.Concatenate()([forward_h, backward_h])]


def decode(
    model: keras.Model,
    target: keras.KerasTensor,
    encoder: keras.KerasTensor,
    decoder_state: list[keras.KerasTensor],
    y_before: keras.KerasTensor,
) -> tuple[keras.KerasTensor, list[keras.KerasTensor], keras.KerasTensor]:
    """The next step, (batch, 1, ...), and the state behind it."""
    mask_2 = ops.not_equal(target, 0)
    embedding_v = model.get_layer("embedding_v")(target)
    embedding_v = ops.where(mask_2[..., None], embedding_v, 0.0)
    repeated = encoder[:, None]
    joined = ops.concatenate([repeated, embedding_v], axis=-1)
    decoder, new_state = model.get_layer("decoder").cell(joined[:, 0], decoder_state)
    decoder_state = valid_state(mask_2[:, 0], new_state, decoder_state)
    decoder = ops.where(mask_2[:, :1], decoder, 0.0)
    y = model.get_layer("dense_y")(decoder[:, None])
    y = ops.where(mask_2[..., None], y, y_before)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, decoder_state, y[:, -1:]))


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
    encoder, decoder_state = encode(model, source)
    y_before = ops.zeros((prompt.shape[0], 1, 30))
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        target = prompt[:, step : step + 1]
        y, decoder_state, y_before = decode(
            model,
            target,
            encoder,
            decoder_state,
            y_before,
        )
    target = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, decoder_state, y_before = decode(
            model,
            target,
            encoder,
            decoder_state,
            y_before,
        )
        ids = choose_id(y[:, -1], temperature, seeds)
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
