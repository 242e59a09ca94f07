"""Keras model language-model-transformer: many-to-many aligned, residual, attention, feedback, variable length."""

import keras
from keras import layers, ops


class Past:
    """Steps that grow with each one that is generated, (batch, steps, ...)."""

    steps: keras.KerasTensor | None = None

    def append(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """All steps so far, ``x`` behind them."""
        x = ops.stop_gradient(x)
        first = self.steps is None
        self.steps = x if first else ops.concatenate([self.steps, x], axis=1)
        return self.steps


@keras.saving.register_keras_serializable()
class SinePositions(layers.Layer):
    """Sine in even, cosine in odd features of each step's number (Vaswani et al. 2017).

    As many samples as the input has, and as many steps, unless these are given.
    """

    def __init__(self, features: int, **options) -> None:
        super().__init__(**options)
        self.features = features

    def call(self, x: keras.KerasTensor, steps: int | None = None) -> keras.KerasTensor:
        batch, *_ = ops.shape(x)
        steps = ops.shape(x)[1] if steps is None else steps
        # Half precision has no large numbers of steps.
        dtype = keras.backend.result_type(self.compute_dtype, "float32")
        exponents = range(0, self.features, 2)
        rates = [10000 ** -(exponent / self.features) for exponent in exponents]
        numbers = ops.cast(ops.arange(steps, dtype="int32"), dtype)
        angles = numbers[:, None] * ops.convert_to_tensor(rates, dtype=dtype)
        codes = ops.stack([ops.sin(angles), ops.cos(angles)], axis=-1)
        codes = ops.reshape(codes, (steps, -1))[:, : self.features]
        codes = ops.cast(codes, self.compute_dtype)
        return ops.broadcast_to(codes, (batch, steps, self.features))

    def compute_output_spec(
        self, x: keras.KerasTensor, steps: int | None = None
    ) -> keras.KerasTensor:
        steps = x.shape[1] if steps is None else steps
        shape = (x.shape[0], steps, self.features)
        return keras.KerasTensor(shape, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "features": self.features}


def attend_heads(
    layer: layers.MultiHeadAttention,
    query: keras.KerasTensor,
    values: keras.KerasTensor,
    keys: keras.KerasTensor,
    attention_mask: keras.KerasTensor | None = None,
) -> keras.KerasTensor:
    """Attend to projected values and keys, (batch, steps, heads, features)."""
    # The same for all heads.
    mask = None if attention_mask is None else attention_mask[:, None]
    q = layer.query_dense(query)
    return layer.output_dense(ops.dot_product_attention(q, keys, values, mask=mask))


def choose_id(
    logits: keras.KerasTensor, temperature: float, seed: keras.random.SeedGenerator
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(logits, axis=-1)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     dense(20, log_softmax)
        |   |       |
        M   M   ... M     layernorm
        |   |       |
        B   B   ... B     add
        |\  |\      |\
        G | G | ... G |   dense(8)
        | | | |     | |
        F | F | ... F |   dense(10, relu)
        |/  |/      |/
        N   N   ... N     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(heads=2, causal=true, dropout=0.1)
        | | | |     | |
        +-|-+-|-----+ |
        |/  |/      |/
        E   E   ... E     add
        |\  |\      |\
        W | W | ... W |   embedding(8)
        | P | P ... | P   position(8, sin)
        |   |       |
        X   X   ... X     tokens(20, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 20)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    position_p = SinePositions(8, name="position_p")(x)
    embedding_w = layers.Embedding(20, 8, name="embedding_w")(x)
    add_e = layers.Add()([embedding_w, position_p])
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=4,
        dropout=0.1,
        name="attention_t",
    )(add_e, add_e, use_causal_mask=True)
    add_a = layers.Add()([attention_t, add_e])
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_a)
    dense_f = layers.Dense(10, activation="relu", name="dense_f")(layernorm_n)
    dense_g = layers.Dense(8, name="dense_g")(dense_f)
    add_b = layers.Add()([dense_g, layernorm_n])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_b)
    y = layers.Dense(20, activation="log_softmax", name="dense_y")(layernorm_m)
    return keras.Model(inputs=x, outputs=y, name="language_model_transformer")


def decode(
    model: keras.Model,
    x: keras.KerasTensor,
    attention_t_values: Past,
    attention_t_keys: Past,
    begin: int,
) -> keras.KerasTensor:
    """The next step, (batch, 1, ...)."""
    position_p = model.get_layer("position_p")(x[..., None], steps=begin + 1)[:, -1:]
    embedding_w = model.get_layer("embedding_w")(x)
    add_e = embedding_w + position_p
    values = attention_t_values.append(
        model.get_layer("attention_t").value_dense(add_e),
    )
    keys = attention_t_keys.append(model.get_layer("attention_t").key_dense(add_e))
    attention_t = attend_heads(model.get_layer("attention_t"), add_e, values, keys)
    add_a = attention_t + add_e
    layernorm_n = model.get_layer("layernorm_n")(add_a)
    dense_f = model.get_layer("dense_f")(layernorm_n)
    dense_g = model.get_layer("dense_g")(dense_f)
    add_b = dense_g + layernorm_n
    layernorm_m = model.get_layer("layernorm_m")(add_b)
    y = model.get_layer("dense_y")(layernorm_m)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, y)


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
    attention_t_values = Past()
    attention_t_keys = Past()
    begin = 0
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        x = prompt[:, step : step + 1]
        y = decode(model, x, attention_t_values, attention_t_keys, begin)
        begin += x.shape[1]
    x = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y = decode(model, x, attention_t_values, attention_t_keys, begin)
        begin += x.shape[1]
        ids = choose_id(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        x = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
