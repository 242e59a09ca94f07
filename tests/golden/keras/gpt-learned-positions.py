"""Keras model gpt-learned-positions: many-to-many aligned, residual, attention, feedback."""

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


@keras.saving.register_keras_serializable()
class TiedDense(layers.Layer):
    """A dense layer whose matrix is that of an embedding (Press and Wolf 2017).

    It has a unit for each id; the matrix is trained in both places.
    """

    def __init__(
        self,
        embedding: layers.Embedding,
        activation: object = None,
        use_bias: bool = True,
        **options,
    ) -> None:
        super().__init__(**options)
        self.embedding, self.use_bias = embedding, use_bias
        self.activation = keras.activations.get(activation)
        self.bias = None
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if not self.embedding.built:
            self.embedding.build(None)
        if self.use_bias:
            units = self.embedding.input_dim
            self.bias = self.add_weight(
                shape=(units,), initializer="zeros", name="bias"
            )

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        y = ops.matmul(x, ops.transpose(self.embedding.embeddings))
        return self.activation(y if self.bias is None else y + self.bias)

    def get_config(self) -> dict[str, object]:
        # The layer is saved once: where it is the same, Keras makes it the same again.
        given = {
            "embedding": keras.saving.serialize_keras_object(self.embedding),
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
        }
        return {**super().get_config(), **given}

    @classmethod
    def from_config(cls, config: dict) -> "TiedDense":
        embedding = keras.saving.deserialize_keras_object(config["embedding"])
        return cls(**{**config, "embedding": embedding})


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

        Y   Y   Y   Y     dense(tied=W, log_softmax)
        |   |   |   |
        L   L   L   L     layernorm
        |   |   |   |
        B   B   B   B     add
        |\  |\  |\  |\
        G | G | G | G |   dense(8)
        | | | | | | | |
        F | F | F | F |   dense(16, gelu)
        | | | | | | | |
        M | M | M | M |   layernorm
        |/  |/  |/  |/
        A   A   A   A     add
        |\  |\  |\  |\
        T | T | T | T |   attention(heads=2, causal=true)
        | | | | | | | |
        +-|-+-|-+-|-+ |
        | | | | | | | |
        N | N | N | N |   layernorm
        |/  |/  |/  |/
        E   E   E   E     add
        |\  |\  |\  |\
        W | W | W | W |   embedding(8)
        | P | P | P | P   position(8)
        |   |   |   |
        X   X   X   X     tokens(20, feedback=Y)

    Shapes, without the batch:
        input x: (4,) int32
        output y: (4, 20)
    """
    x = keras.Input(shape=(4,), dtype="int32", name="x")
    position_p = LearnedSteps(4, 8, name="position_p")(x, steps=4)
    embedding_w_layer = layers.Embedding(20, 8, name="embedding_w")
    embedding_w = embedding_w_layer(x)
    add_e = layers.Add()([embedding_w, position_p])
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_e)
    attention_t = layers.MultiHeadAttention(2, key_dim=4, name="attention_t")(
        layernorm_n,
        layernorm_n,
        use_causal_mask=True,
    )
    add_a = layers.Add()([attention_t, add_e])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_f = layers.Dense(16, activation="gelu", name="dense_f")(layernorm_m)
    dense_g = layers.Dense(8, name="dense_g")(dense_f)
    add_b = layers.Add()([dense_g, add_a])
    layernorm_l = layers.LayerNormalization(epsilon=1e-5, name="layernorm_l")(add_b)
    y = TiedDense(
        embedding_w_layer,
        activation="log_softmax",
        name="dense_y",
    )(layernorm_l)
    return keras.Model(inputs=x, outputs=y, name="gpt_learned_positions")


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
    layernorm_n = model.get_layer("layernorm_n")(add_e)
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
    add_a = attention_t + add_e
    layernorm_m = model.get_layer("layernorm_m")(add_a)
    dense_f = model.get_layer("dense_f")(layernorm_m)
    dense_g = model.get_layer("dense_g")(dense_f)
    add_b = dense_g + add_a
    layernorm_l = model.get_layer("layernorm_l")(add_b)
    y = model.get_layer("dense_y")(layernorm_l)
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
    length = prompt.shape[1] + steps - 1
    if length > 4:
        raise ValueError(f"position_p has 4 steps, {length} are needed")
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
