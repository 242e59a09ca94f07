"""Keras model translation-input-feeding: encoder-decoder, attention, state handoff, feedback."""

import keras
from keras import layers, ops


def choose_id(
    logits: keras.KerasTensor, temperature: float, seed: keras.random.SeedGenerator
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(logits, axis=-1)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


@keras.saving.register_keras_serializable(package="translation_input_feeding")
class DecoderLoop(layers.Layer):
    """A loop: each step of ``decoder``, ``attention_c`` and ``dense_t`` reads what steps before it gave."""

    def __init__(
        self,
        decoder_layer: layers.Layer,
        attention_c_layer: layers.Layer,
        dense_t_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.decoder_layer = decoder_layer
        self.attention_c_layer = attention_c_layer
        self.dense_t_layer = dense_t_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 12))
        if not self.attention_c_layer.built:
            self.attention_c_layer.build([(None, 1, 6), (None, None, 6)])
        if not self.dense_t_layer.built:
            self.dense_t_layer.build((None, 12))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        source, decoder_h, embedding_w, encoder = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            dense_t, decoder_state = carry
            (embedding_w_now,) = now
            decoder, decoder_state = self.decoder_layer.cell(
                ops.concatenate([dense_t, embedding_w_now], axis=-1),
                decoder_state,
            )
            attention_c = self.attention_c_layer([decoder[:, None], encoder])[:, 0]
            dense_t = self.dense_t_layer(
                ops.concatenate([attention_c, decoder], axis=-1),
            )
            carry = (dense_t, decoder_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (dense_t, _) = ops.scan(
            step,
            (ops.zeros((ops.shape(source)[0], 7), self.compute_dtype), [decoder_h]),
            (ops.swapaxes(embedding_w, 0, 1),),
        )
        return ops.swapaxes(dense_t, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor(
            (inputs[0].shape[0], inputs[2].shape[1], 7),
            dtype=self.compute_dtype,
        )

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("decoder_layer", "attention_c_layer", "dense_t_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "DecoderLoop":
        for name in ("decoder_layer", "attention_c_layer", "dense_t_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences to a sequence.

                  Y   Y   Y
                  |   |   |
                  T   T   T
                  |\  |\  |\
                  C | C | C |
                  |/  |/  |/
        E-E-E-----D---D---D
        | | |    /|  /|  /|
        | | |   t | t | t |
        | | |     |   |   |
        V V V     W   W   W
        | | |     |   |   |
        X X X     Z   Z   Z

        X = tokens(12, name=source)
        Z = tokens(14, name=target, feedback=Y)
        V = embedding(5)
        W = embedding(5)
        E = gru(6, name=encoder)
        D = gru(6, name=decoder)
        C = attention(E)
        T = dense(7, tanh)
        Y = dense(14, log_softmax)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 14)
    """
    source = keras.Input(shape=(3,), dtype="int32", name="source")
    target = keras.Input(shape=(3,), dtype="int32", name="target")
    embedding_v = layers.Embedding(12, 5, name="embedding_v")(source)
    embedding_w = layers.Embedding(14, 5, name="embedding_w")(target)
    encoder, *encoder_state = layers.GRU(
        6,
        return_sequences=True,
        return_state=True,
        name="encoder",
    )(embedding_v)
    dense_t = DecoderLoop(
        decoder_layer=layers.GRU(6, name="decoder"),
        attention_c_layer=layers.Attention(name="attention_c"),
        dense_t_layer=layers.Dense(7, activation="tanh", name="dense_t"),
        name="decoder_loop",
    )([source, encoder_state[0], embedding_w, encoder])
    y = layers.Dense(14, activation="log_softmax", name="dense_y")(dense_t)
    return keras.Model(
        inputs=[source, target],
        outputs=y,
        name="translation_input_feeding",
    )


def encode(
    model: keras.Model,
    source: keras.KerasTensor,
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """What is computed once, whatever is generated."""
    embedding_v = model.get_layer("embedding_v")(source)
    encoder, *encoder_state = model.get_layer("encoder")(embedding_v)
    return encoder, encoder_state


def decode(
    model: keras.Model,
    target: keras.KerasTensor,
    encoder: keras.KerasTensor,
    decoder_state: list[keras.KerasTensor],
    dense_t_before: keras.KerasTensor,
) -> tuple[keras.KerasTensor, list[keras.KerasTensor], keras.KerasTensor]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(target)
    joined = ops.concatenate([dense_t_before, embedding_w], axis=-1)
    decoder, decoder_state = model.get_layer("decoder_loop").decoder_layer.cell(
        joined[:, 0],
        decoder_state,
    )
    attention_c = model.get_layer("decoder_loop").attention_c_layer(
        [decoder[:, None], encoder],
    )
    joined_2 = ops.concatenate([attention_c, decoder[:, None]], axis=-1)
    dense_t = model.get_layer("decoder_loop").dense_t_layer(joined_2)
    y = model.get_layer("dense_y")(dense_t)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, decoder_state, dense_t))


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
    dense_t_before = ops.zeros((prompt.shape[0], 1, 7))
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        target = prompt[:, step : step + 1]
        y, decoder_state, dense_t_before = decode(
            model,
            target,
            encoder,
            decoder_state,
            dense_t_before,
        )
    target = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, decoder_state, dense_t_before = decode(
            model,
            target,
            encoder,
            decoder_state,
            dense_t_before,
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
