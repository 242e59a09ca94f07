"""Keras model language-model-tied: many-to-many aligned, feedback, variable length."""

import keras
from keras import layers, ops


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


def choose_id(
    logits: keras.KerasTensor, temperature: float, seed: keras.random.SeedGenerator
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(logits, axis=-1)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(tied=M, log_softmax)
        | |     |
        P P ... P   dense(12)
        | |     |
        H H ... H   lstm(20)
        | |     |
        M M ... M   embedding(12)
        | |     |
        X X ... X   tokens(50, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 50)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    embedding_m_layer = layers.Embedding(50, 12, name="embedding_m")
    embedding_m = embedding_m_layer(x)
    lstm_h = layers.LSTM(20, return_sequences=True, name="lstm_h")(embedding_m)
    dense_p = layers.Dense(12, name="dense_p")(lstm_h)
    y = TiedDense(embedding_m_layer, activation="log_softmax", name="dense_y")(dense_p)
    return keras.Model(inputs=x, outputs=y, name="language_model_tied")


def decode(
    model: keras.Model,
    x: keras.KerasTensor,
    lstm_h_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_m = model.get_layer("embedding_m")(x)
    lstm_h, lstm_h_state = model.get_layer("lstm_h").cell(
        embedding_m[:, 0],
        lstm_h_state,
    )
    dense_p = model.get_layer("dense_p")(lstm_h[:, None])
    y = model.get_layer("dense_y")(dense_p)
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, lstm_h_state))


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
    lstm_h_state = model.get_layer("lstm_h").get_initial_state(prompt.shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        x = prompt[:, step : step + 1]
        y, lstm_h_state = decode(model, x, lstm_h_state)
    x = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, lstm_h_state = decode(model, x, lstm_h_state)
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
