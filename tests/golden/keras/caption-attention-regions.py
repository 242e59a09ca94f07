"""Keras model caption-attention-regions: encoder-decoder, attention, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class BahdanauAttention(layers.Layer):
    """Attention by a trained vector, of projected queries and keys (Bahdanau et al. 2014)."""

    def __init__(self, width: int, dropout: float = 0.0, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.width, self.dropout = width, dropout
        self.query = layers.Dense(width, use_bias=False)
        self.key = layers.Dense(width, use_bias=False)
        self.attention = layers.AdditiveAttention(dropout=dropout)

    def build(self, input_shape: list[tuple[int | None, ...]]) -> None:
        query, value, *others = input_shape
        key = others[0] if others else value
        self.query.build(query)
        self.key.build(key)
        projected = [(*shape[:-1], self.width) for shape in (query, key)]
        self.attention.build([projected[0], value, projected[1]])

    def call(
        self,
        inputs: list[keras.KerasTensor],
        mask: list[keras.KerasTensor | None] | None = None,
        use_causal_mask: bool = False,
        projected: bool = False,
    ) -> keras.KerasTensor:
        """Attend; with ``projected``, to keys that are projected already."""
        query, value, *others = inputs
        key = others[0] if others else value
        key = key if projected else self.key(key)
        return self.attention(
            [self.query(query), value, key],
            mask=mask,
            use_causal_mask=use_causal_mask,
        )

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"width": self.width, "dropout": self.dropout}


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


@keras.saving.register_keras_serializable(package="caption_attention_regions")
class AttentionCLoop(layers.Layer):
    """A loop: each step of ``attention_c`` and ``decoder`` reads what steps before it gave."""

    def __init__(
        self,
        attention_c_layer: layers.Layer,
        decoder_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.attention_c_layer = attention_c_layer
        self.decoder_layer = decoder_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.attention_c_layer.built:
            self.attention_c_layer.build([(None, 1, 7), (None, None, 6)])
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 11))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        dense_s, dense_r, embedding_w = inputs
        keys = self.attention_c_layer.key(dense_r)

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            decoder, decoder_state = carry
            (embedding_w_now,) = now
            attention_c = self.attention_c_layer(
                [decoder[:, None], dense_r, keys],
                projected=True,
            )[:, 0]
            decoder, decoder_state = self.decoder_layer.cell(
                ops.concatenate([attention_c, embedding_w_now], axis=-1),
                decoder_state,
            )
            carry = (decoder, decoder_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (decoder, _) = ops.scan(
            step,
            (dense_s, [dense_s]),
            (ops.swapaxes(embedding_w, 0, 1),),
        )
        return ops.swapaxes(decoder, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor(
            (inputs[0].shape[0], inputs[2].shape[1], 7),
            dtype=self.compute_dtype,
        )

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("attention_c_layer", "decoder_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "AttentionCLoop":
        for name in ("attention_c_layer", "decoder_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps sequences ``places`` and ``words`` to a sequence ``y``.

                      Y   Y   Y
                      |   |   |
                +-----D---D---D
                |    /|  /|  /|
                |   C | C | C |
                |   | | | | | |
                |   d | d | d |
                S     |   |   |
                |     W   W   W
                M     |   |   |
                      Z   Z   Z
        R R R R
        | | | |
        I I I I

        I = input(8, name=places)
        R = dense(6, relu)
        M = mean(R)
        S = dense(7, tanh)
        Z = tokens(15, name=words, feedback=Y)
        W = embedding(5)
        D = gru(7, name=decoder)
        C = attention(R, score=additive, key=4)
        Y = dense(15, softmax)

    Shapes, without the batch:
        input places: (4, 8) float32
        input words: (3,) int32
        output y: (3, 15)
    """
    places = keras.Input(shape=(4, 8), name="places")
    words = keras.Input(shape=(3,), dtype="int32", name="words")
    dense_r = layers.Dense(6, activation="relu", name="dense_r")(places)
    mean_m = layers.GlobalAveragePooling1D()(dense_r)
    embedding_w = layers.Embedding(15, 5, name="embedding_w")(words)
    dense_s = layers.Dense(7, activation="tanh", name="dense_s")(mean_m)
    decoder = AttentionCLoop(
        attention_c_layer=BahdanauAttention(4, name="attention_c"),
        decoder_layer=layers.GRU(7, name="decoder"),
        name="attention_c_loop",
    )([dense_s, dense_r, embedding_w])
    y = layers.Dense(15, activation="softmax", name="dense_y")(decoder)
    return keras.Model(
        inputs=[places, words],
        outputs=y,
        name="caption_attention_regions",
    )


def encode(
    model: keras.Model,
    places: keras.KerasTensor,
) -> tuple[
    keras.KerasTensor,
    keras.KerasTensor,
    list[keras.KerasTensor],
    keras.KerasTensor,
]:
    """What is computed once, whatever is generated."""
    dense_r = model.get_layer("dense_r")(places)
    mean_m = layers.GlobalAveragePooling1D()(dense_r)
    dense_s = model.get_layer("dense_s")(mean_m)
    keys = model.get_layer("attention_c_loop").attention_c_layer.key(dense_r)
    repeated = layers.RepeatVector(1)(dense_s)
    return dense_r, keys, [dense_s], repeated


def decode(
    model: keras.Model,
    words: keras.KerasTensor,
    dense_r: keras.KerasTensor,
    keys: keras.KerasTensor,
    decoder_state: list[keras.KerasTensor],
    decoder_before: keras.KerasTensor,
) -> tuple[keras.KerasTensor, list[keras.KerasTensor], keras.KerasTensor]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(words)
    attention_c = model.get_layer("attention_c_loop").attention_c_layer(
        [decoder_before, dense_r, keys],
        projected=True,
    )
    joined = ops.concatenate([attention_c, embedding_w], axis=-1)
    decoder, decoder_state = model.get_layer("attention_c_loop").decoder_layer.cell(
        joined[:, 0],
        decoder_state,
    )
    y = model.get_layer("dense_y")(decoder[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(
        ops.stop_gradient,
        (y, decoder_state, decoder[:, None]),
    )


def generate(
    model: keras.Model,
    places: keras.KerasTensor,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``words``.

    Args:
        model: what `build_model` made, trained.
        places: values, (batch, steps, features).
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
    dense_r, keys, decoder_state, decoder_before = encode(model, places)
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        words = prompt[:, step : step + 1]
        y, decoder_state, decoder_before = decode(
            model,
            words,
            dense_r,
            keys,
            decoder_state,
            decoder_before,
        )
    words = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, decoder_state, decoder_before = decode(
            model,
            words,
            dense_r,
            keys,
            decoder_state,
            decoder_before,
        )
        ids = choose_probable(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        words = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
