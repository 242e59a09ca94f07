"""Keras model transformer-translation: encoder-decoder, residual, attention, feedback."""

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


def choose_id(
    logits: keras.KerasTensor, temperature: float, seed: keras.random.SeedGenerator
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(logits, axis=-1)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences to a sequence.

                      Y   Y   Y     dense(13, log_softmax)
                      |   |   |
                      H   H   H     layernorm
                      |   |   |
                      G   G   G     add
                      |\  |\  |\
                      O | O | O |   dense(8)
                      | | | | | |
                      Q | Q | Q |   dense(10, relu)
                      |/  |/  |/
                      K   K   K     layernorm
                      |   |   |
                      J   J   J     add
                      |\  |\  |\
                      C | C | C |
                      |/  |/  |/
                      M   M   M     layernorm
                      |   |   |
                      B   B   B     add
                      |\  |\  |\
                      U | U | U |   attention(heads=2, causal=true)
                      | | | | | |
                      +-|-+-|-+ |
        N   N   N     |/  |/  |/
        |   |   |     |   |   |
        A   A   A     |   |   |
        |\  |\  |\    |   |   |
        T | T | T |   |   |   |
        | | | | | |   |   |   |
        +-|-+-|-+ |   |   |   |
        |/  |/  |/    |   |   |
        E   E   E     L   L   L
        |\  |\  |\    |\  |\  |\
        V | V | V |   W | W | W |
        | P | P | P   | R | R | R
        |   |   |     |   |   |
        X   X   X     Z   Z   Z

        X = tokens(15, name=source)
        Z = tokens(13, name=target, feedback=Y)
        V = embedding(8)
        W = embedding(8)
        P = position(8, sin)
        R = position(8, sin)
        E = add
        L = add
        T = attention(heads=2)
        A = add
        N = layernorm
        C = attention(N, heads=2)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 13)
    """
    source = keras.Input(shape=(3,), dtype="int32", name="source")
    target = keras.Input(shape=(3,), dtype="int32", name="target")
    position_p = SinePositions(8, name="position_p")(source, steps=3)
    position_r = SinePositions(8, name="position_r")(source, steps=3)
    embedding_v = layers.Embedding(15, 8, name="embedding_v")(source)
    embedding_w = layers.Embedding(13, 8, name="embedding_w")(target)
    add_e = layers.Add()([embedding_v, position_p])
    add_l = layers.Add()([embedding_w, position_r])
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_t",
    )(add_e, add_e)
    add_a = layers.Add()([attention_t, add_e])
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_a)
    attention_u = layers.MultiHeadAttention(2, key_dim=4, name="attention_u")(
        add_l,
        add_l,
        use_causal_mask=True,
    )
    add_b = layers.Add()([attention_u, add_l])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_b)
    attention_c = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_c",
    )(layernorm_m, layernorm_n)
    add_j = layers.Add()([attention_c, layernorm_m])
    layernorm_k = layers.LayerNormalization(epsilon=1e-5, name="layernorm_k")(add_j)
    dense_q = layers.Dense(10, activation="relu", name="dense_q")(layernorm_k)
    dense = layers.Dense(8, name="dense")(dense_q)
    add_g = layers.Add()([dense, layernorm_k])
    layernorm_h = layers.LayerNormalization(epsilon=1e-5, name="layernorm_h")(add_g)
    y = layers.Dense(13, activation="log_softmax", name="dense_y")(layernorm_h)
    return keras.Model(
        inputs=[source, target],
        outputs=y,
        name="transformer_translation",
    )


def encode(model: keras.Model, source: keras.KerasTensor) -> keras.KerasTensor:
    """What is computed once, whatever is generated."""
    position_p = model.get_layer("position_p")(source, steps=3)
    embedding_v = model.get_layer("embedding_v")(source)
    add_e = layers.Add()([embedding_v, position_p])
    attention_t = model.get_layer("attention_t")(add_e, add_e)
    add_a = layers.Add()([attention_t, add_e])
    layernorm_n = model.get_layer("layernorm_n")(add_a)
    return layernorm_n


def decode(
    model: keras.Model,
    target: keras.KerasTensor,
    layernorm_n: keras.KerasTensor,
    attention_u_memory: Past,
    begin: int,
) -> keras.KerasTensor:
    """The next step, (batch, 1, ...)."""
    position_r = model.get_layer("position_r")(
        target[..., None],
        steps=begin + 1,
    )[:, -1:]
    embedding_w = model.get_layer("embedding_w")(target)
    add_l = embedding_w + position_r
    memory = attention_u_memory.append(add_l)
    attention_u = model.get_layer("attention_u")(add_l, memory)
    add_b = attention_u + add_l
    layernorm_m = model.get_layer("layernorm_m")(add_b)
    attention_c = model.get_layer("attention_c")(layernorm_m, layernorm_n)
    add_j = attention_c + layernorm_m
    layernorm_k = model.get_layer("layernorm_k")(add_j)
    dense_q = model.get_layer("dense_q")(layernorm_k)
    dense = model.get_layer("dense")(dense_q)
    add_g = dense + layernorm_k
    layernorm_h = model.get_layer("layernorm_h")(add_g)
    y = model.get_layer("dense_y")(layernorm_h)
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
    prompt = ops.convert_to_tensor(start, dtype="int32")
    prompt = prompt[:, None] if len(prompt.shape) == 1 else prompt
    layernorm_n = encode(model, source)
    attention_u_memory = Past()
    begin = 0
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        target = prompt[:, step : step + 1]
        y = decode(model, target, layernorm_n, attention_u_memory, begin)
        begin += target.shape[1]
    target = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y = decode(model, target, layernorm_n, attention_u_memory, begin)
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
