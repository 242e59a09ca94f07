"""Keras model decoder-only-stack: many-to-many aligned, feedback, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class LearnedSteps(layers.Layer):
    """A trained vector for each step, the same for every sample.

    As many samples as the input has, and as many steps, unless these are given.
    """

    def __init__(self, most: int, features: int, **options) -> None:
        super().__init__(**options)
        self.most, self.features = most, features

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = (self.most, self.features)
        self.embeddings = self.add_weight(
            shape=shape, initializer="uniform", name="embeddings"
        )

    def call(self, x: keras.KerasTensor, steps: int | None = None) -> keras.KerasTensor:
        batch, *_ = ops.shape(x)
        steps = ops.shape(x)[1] if steps is None else steps
        # Of too few vectors there is an error: they are not as many as the steps.
        return ops.broadcast_to(self.embeddings[:steps], (batch, steps, self.features))

    def compute_output_spec(
        self, x: keras.KerasTensor, steps: int | None = None
    ) -> keras.KerasTensor:
        steps = x.shape[1] if steps is None else steps
        shape = (x.shape[0], steps, self.features)
        return keras.KerasTensor(shape, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, object]:
        sizes = {"most": self.most, "features": self.features}
        return {**super().get_config(), **sizes}


class Past:
    """Steps that grow with each one that is generated, (batch, steps, ...)."""

    steps: keras.KerasTensor | None = None

    def append(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """All steps so far, ``x`` behind them."""
        x = ops.stop_gradient(x)
        first = self.steps is None
        self.steps = x if first else ops.concatenate([self.steps, x], axis=1)
        return self.steps


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


def build_causal_block(
    width: int = 8,
    heads: int = 2,
    name: str = "causal_block",
) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``b``.

        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        | | | |     | |
        | M | M ... | M
        |/  |/      |/
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        | | | |     | |
        | N | N ... | N
        |/  |/      |/
        X   X   ... X

        X = input(width)
        N = layernorm
        T = attention(N, heads=heads, causal=true)
        A = add
        M = layernorm
        H = dense(2 * width, gelu)
        F = dense(width)
        B = add
        width = 8
        heads = 2

    Shapes, without the batch:
        input x: (None, width) float32
        output b: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(x)
    attention_t = layers.MultiHeadAttention(
        heads,
        key_dim=width // heads,
        name="attention_t",
    )(layernorm_n, layernorm_n, use_causal_mask=True)
    add_a = layers.Add()([x, attention_t])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_h = layers.Dense(2 * width, activation="gelu", name="dense_h")(layernorm_m)
    dense_f = layers.Dense(width, name="dense_f")(dense_h)
    b = layers.Add()([add_a, dense_f])
    return keras.Model(inputs=x, outputs=b, name=name)


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``z`` to a sequence ``y``.

        Y   Y   ... Y
        |   |       |
        U   U   ... U
        |   |       |
        S   S   ... S
        |   |       |
        R   R   ... R
        |   |       |
        A   A   ... A
        |\  |\      |\
        | P | P ... | P
        |   |       |
        W   W   ... W
        |   |       |
        Z   Z   ... Z

        Z = tokens(20, feedback=Y)
        W = embedding(8)
        P = position(8, most=32)
        A = add
        R = causal_block
        S = causal_block(heads=4)
        U = layernorm
        Y = dense(20, log_softmax)

    Shapes, without the batch:
        input z: (None,) int32
        output y: (None, 20)
    """
    z = keras.Input(shape=(None,), dtype="int32", name="z")
    embedding_w = layers.Embedding(20, 8, name="embedding_w")(z)
    position_p = LearnedSteps(32, 8, name="position_p")(z)
    add_a = layers.Add()([embedding_w, position_p])
    causal_block_r = build_causal_block(name="causal_block_r")(add_a)
    causal_block_s = build_causal_block(heads=4, name="causal_block_s")(causal_block_r)
    layernorm_u = layers.LayerNormalization(
        epsilon=1e-5,
        name="layernorm_u",
    )(causal_block_s)
    y = layers.Dense(20, activation="log_softmax", name="dense_y")(layernorm_u)
    return keras.Model(inputs=z, outputs=y, name="decoder_only_stack")


def decode_causal_block(
    model: keras.Model,
    x: keras.KerasTensor,
    past: tuple[Past, Past],
) -> keras.KerasTensor:
    """The next step, from what is kept of earlier steps."""
    attention_t_values, attention_t_keys = past
    layernorm_n = model.get_layer("layernorm_n")(x)
    values = attention_t_values.append(
        model.get_layer("attention_t").value_dense(layernorm_n),
    )
    keys = attention_t_keys.append(
        model.get_layer("attention_t").key_dense(layernorm_n),
    )
    attention_t = attend_heads(
        model.get_layer("attention_t"),
        layernorm_n,
        values,
        keys,
    )
    add_a = x + attention_t
    layernorm_m = model.get_layer("layernorm_m")(add_a)
    dense_h = model.get_layer("dense_h")(layernorm_m)
    dense_f = model.get_layer("dense_f")(dense_h)
    b = add_a + dense_f
    return b


def decode(
    model: keras.Model,
    z: keras.KerasTensor,
    causal_block_r_past: tuple[Past, Past],
    causal_block_s_past: tuple[Past, Past],
    begin: int,
) -> keras.KerasTensor:
    """The next step, (batch, 1, ...)."""
    embedding_w = model.get_layer("embedding_w")(z)
    position_p = model.get_layer("position_p")(z[..., None], steps=begin + 1)[:, -1:]
    add_a = embedding_w + position_p
    causal_block_r = decode_causal_block(
        model.get_layer("causal_block_r"),
        add_a,
        causal_block_r_past,
    )
    causal_block_s = decode_causal_block(
        model.get_layer("causal_block_s"),
        causal_block_r,
        causal_block_s_past,
    )
    layernorm_u = model.get_layer("layernorm_u")(causal_block_s)
    y = model.get_layer("dense_y")(layernorm_u)
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
    length = prompt.shape[1] + steps - 1
    if length > 32:
        raise ValueError(f"position_p has 32 steps, {length} are needed")
    causal_block_r_past = (Past(), Past())
    causal_block_s_past = (Past(), Past())
    begin = 0
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        z = prompt[:, step : step + 1]
        y = decode(model, z, causal_block_r_past, causal_block_s_past, begin)
        begin += z.shape[1]
    z = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y = decode(model, z, causal_block_r_past, causal_block_s_past, begin)
        begin += z.shape[1]
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
