"""Keras model session-attention-tied: many-to-one, attention, variable length."""

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
    ) -> keras.KerasTensor:
        query, value, *others = inputs
        key = self.key(others[0] if others else value)
        return self.attention(
            [self.query(query), value, key],
            mask=mask,
            use_causal_mask=use_causal_mask,
        )

    def get_config(self) -> dict[str, object]:
        return super().get_config() | {"width": self.width, "dropout": self.dropout}


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


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``items`` to a vector ``y``.

                Y     dense(tied=W, softmax)
                |
                B     dense(5, bias=false)
                |\
                C |
                |/
        H-H-...-H     gru(6)
        | |     |
        W W ... W     embedding(5)
        | |     |
        X X ... X     tokens(20, name=items)

        C = attention(H, score=additive, key=4)

    Shapes, without the batch:
        input items: (None,) int32
        output y: (20,)
    """
    items = keras.Input(shape=(None,), dtype="int32", name="items")
    embedding_w_layer = layers.Embedding(20, 5, name="embedding_w")
    embedding_w = embedding_w_layer(items)
    gru_h = layers.GRU(6, return_sequences=True, name="gru_h")(embedding_w)
    attention_c = BahdanauAttention(4, name="attention_c")(
        [layers.RepeatVector(1)(gru_h[:, -1]), gru_h],
    )[:, 0]
    joined = layers.Concatenate()([attention_c, gru_h[:, -1]])
    dense_b = layers.Dense(5, use_bias=False, name="dense_b")(joined)
    y = TiedDense(embedding_w_layer, activation="softmax", name="dense_y")(dense_b)
    return keras.Model(inputs=items, outputs=y, name="session_attention_tied")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
