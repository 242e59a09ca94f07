"""Keras model attention-additive: encoder-decoder, bidirectional, attention."""

import keras
from keras import layers


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


def build_model() -> keras.Model:
    r"""Build a model that maps sequences ``x`` and ``z`` to a sequence ``y``.

                  Y     Y     Y     dense(9, softmax)
                  |\    |\    |\
                  C |   C |   C |   attention(score=additive, key=10)
                 /| |  /| |  /| |
        +-+-+---+-|-|-+-|-|-+ | |
        | | |     |/    |/    |/
        E=E=E     D-----D-----D
        | | |     |     |     |
        X X X     Z     Z     Z

        X = input(8)
        Z = input(6)
        E = gru(7, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """
    x = keras.Input(shape=(3, 8), name="x")
    z = keras.Input(shape=(3, 6), name="z")
    encoder = layers.Bidirectional(
        layers.GRU(7, return_sequences=True),
        name="encoder",
    )(x)
    decoder = layers.GRU(12, return_sequences=True, name="decoder")(z)
    attention_c = BahdanauAttention(10, name="attention_c")([decoder, encoder])
    joined = layers.Concatenate()([attention_c, decoder])
    y = layers.Dense(9, activation="softmax", name="dense_y")(joined)
    return keras.Model(inputs=[x, z], outputs=y, name="attention_additive")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
