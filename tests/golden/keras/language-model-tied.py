"""Keras model language-model-tied: many-to-many aligned, variable length."""

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
        X X ... X   tokens(50)

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


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
