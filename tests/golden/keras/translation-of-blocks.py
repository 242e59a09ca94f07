"""Keras model translation-of-blocks: encoder-decoder, residual, attention, feedback, variable length."""

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


def build_reading_block(width: int = 8, name: str = "reading_block") -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``n``.

        N   N   ... N     layernorm
        |   |       |
        B   B   ... B     add
        |\  |\      |\
        F | F | ... F |   dense(width)
        | | | |     | |
        D | D | ... D |   dense(2 * width, relu)
        |/  |/      |/
        M   M   ... M     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(X, heads=2)
        |/  |/      |/
        X   X   ... X     input(width)

        width = 8

    Shapes, without the batch:
        input x: (None, width) float32
        output n: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=width // 2,
        name="attention_t",
    )(x, x)
    add_a = layers.Add()([attention_t, x])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_d = layers.Dense(2 * width, activation="relu", name="dense_d")(layernorm_m)
    dense_f = layers.Dense(width, name="dense_f")(dense_d)
    add_b = layers.Add()([dense_f, layernorm_m])
    n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_b)
    return keras.Model(inputs=x, outputs=n, name=name)


def build_writing_block(name: str = "writing_block") -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``n``.

        N   N   ... N     layernorm
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(X, heads=2, causal=true)
        |/  |/      |/
        X   X   ... X     input(8)

    Shapes, without the batch:
        input x: (None, 8) float32
        output n: (None, 8)
    """
    x = keras.Input(shape=(None, 8), name="x")
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_t",
    )(x, x, use_causal_mask=True)
    add_a = layers.Add()([attention_t, x])
    n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_a)
    return keras.Model(inputs=x, outputs=n, name=name)


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences to a sequence.

                          Y   Y   ... Y
                          |   |       |
                          N   N   ... N
                          |   |       |
                          J   J   ... J
                          |\  |\      |\
        E   E   ... E     C | C | ... C |
        |   |       |     |/  |/      |/
        G   G   ... G     D   D   ... D
        |   |       |     |   |       |
        B   B   ... B     A   A   ... A
        |\  |\      |\    |\  |\      |\
        P | P | ... P |   Q | Q | ... Q |
          |   |       |     |   |       |
          V   V ...   V     W   W ...   W
          |   |       |     |   |       |
          X   X ...   X     Z   Z ...   Z

        X = tokens(20, name=source)
        Z = tokens(20, feedback=Y, name=target)
        V = embedding(8)
        W = embedding(8)
        P = position(8, sin)
        Q = position(8, sin)
        A = add
        B = add
        G = reading_block
        E = reading_block
        D = writing_block
        C = attention(E, heads=2)
        J = add
        N = layernorm
        Y = dense(20, log_softmax)

    Shapes, without the batch:
        input source: (None,) int32
        input target: (None,) int32
        output y: (None, 20)
    """
    source = keras.Input(shape=(None,), dtype="int32", name="source")
    target = keras.Input(shape=(None,), dtype="int32", name="target")
    embedding_v = layers.Embedding(20, 8, name="embedding_v")(source)
    embedding_w = layers.Embedding(20, 8, name="embedding_w")(target)
    position_p = SinePositions(8, name="position_p")(source)
    position_q = SinePositions(8, name="position_q")(target)
    add_b = layers.Add()([position_p, embedding_v])
    add_a = layers.Add()([position_q, embedding_w])
    reading_block_g = build_reading_block(name="reading_block_g")(add_b)
    writing_block_d = build_writing_block(name="writing_block_d")(add_a)
    reading_block_e = build_reading_block(name="reading_block_e")(reading_block_g)
    attention_c = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_c",
    )(writing_block_d, reading_block_e)
    add_j = layers.Add()([attention_c, writing_block_d])
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_j)
    y = layers.Dense(20, activation="log_softmax", name="dense_y")(layernorm_n)
    return keras.Model(inputs=[source, target], outputs=y, name="translation_of_blocks")


def decode_writing_block(
    model: keras.Model,
    x: keras.KerasTensor,
    past: tuple[Past, Past],
) -> keras.KerasTensor:
    """The next step, from what is kept of earlier steps."""
    attention_t_values, attention_t_keys = past
    values = attention_t_values.append(model.get_layer("attention_t").value_dense(x))
    keys = attention_t_keys.append(model.get_layer("attention_t").key_dense(x))
    attention_t = attend_heads(model.get_layer("attention_t"), x, values, keys)
    add_a = attention_t + x
    n = model.get_layer("layernorm_n")(add_a)
    return n


def encode(
    model: keras.Model,
    source: keras.KerasTensor,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """What is computed once, whatever is generated."""
    embedding_v = model.get_layer("embedding_v")(source)
    position_p = model.get_layer("position_p")(source)
    add_b = layers.Add()([position_p, embedding_v])
    reading_block_g = model.get_layer("reading_block_g")(add_b)
    reading_block_e = model.get_layer("reading_block_e")(reading_block_g)
    values = model.get_layer("attention_c").value_dense(reading_block_e)
    keys = model.get_layer("attention_c").key_dense(reading_block_e)
    return values, keys


def decode(
    model: keras.Model,
    target: keras.KerasTensor,
    values: keras.KerasTensor,
    keys: keras.KerasTensor,
    writing_block_d_past: tuple[Past, Past],
    begin: int,
) -> keras.KerasTensor:
    """The next step, (batch, 1, ...)."""
    embedding_w = model.get_layer("embedding_w")(target)
    position_q = model.get_layer("position_q")(
        target[..., None],
        steps=begin + 1,
    )[:, -1:]
    add_a = position_q + embedding_w
    writing_block_d = decode_writing_block(
        model.get_layer("writing_block_d"),
        add_a,
        writing_block_d_past,
    )
    attention_c = attend_heads(
        model.get_layer("attention_c"),
        writing_block_d,
        values,
        keys,
    )
    add_j = attention_c + writing_block_d
    layernorm_n = model.get_layer("layernorm_n")(add_j)
    y = model.get_layer("dense_y")(layernorm_n)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, y)


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
    values, keys = encode(model, source)
    writing_block_d_past = (Past(), Past())
    begin = 0
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        target = prompt[:, step : step + 1]
        y = decode(model, target, values, keys, writing_block_d_past, begin)
        begin += target.shape[1]
    target = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y = decode(model, target, values, keys, writing_block_d_past, begin)
        begin += target.shape[1]
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
