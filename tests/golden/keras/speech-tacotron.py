"""Keras model speech-tacotron: encoder-decoder, bidirectional, attention, feedback."""

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


@keras.saving.register_keras_serializable(package="speech_tacotron")
class DenseQLoop(layers.Layer):
    """A loop: each step of ``dense_q``, ``dropout_p``, ``attention_c``, ``decoder`` and ``frames`` reads what steps before it gave."""

    def __init__(
        self,
        dense_q_layer: layers.Layer,
        dropout_p_layer: layers.Layer,
        attention_c_layer: layers.Layer,
        decoder_layer: layers.Layer,
        frames_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.dense_q_layer = dense_q_layer
        self.dropout_p_layer = dropout_p_layer
        self.attention_c_layer = attention_c_layer
        self.decoder_layer = decoder_layer
        self.frames_layer = frames_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.dense_q_layer.built:
            self.dense_q_layer.build((None, 4))
        if not self.dropout_p_layer.built:
            self.dropout_p_layer.build((None, 5))
        if not self.attention_c_layer.built:
            self.attention_c_layer.build([(None, 1, 7), (None, None, 6)])
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 11))
        if not self.frames_layer.built:
            self.frames_layer.build((None, 7))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        text, encoder = inputs
        keys = self.attention_c_layer.key(encoder)

        def step(carry: tuple, _: None) -> tuple[tuple, tuple]:
            frames, decoder, decoder_state = carry
            dense_q = self.dense_q_layer(frames)
            dropout_p = self.dropout_p_layer(dense_q)
            attention_c = self.attention_c_layer(
                [decoder[:, None], encoder, keys],
                projected=True,
            )[:, 0]
            decoder, decoder_state = self.decoder_layer.cell(
                ops.concatenate([attention_c, dropout_p], axis=-1),
                decoder_state,
            )
            frames = self.frames_layer(decoder)
            carry = (frames, decoder, decoder_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (frames, _, _) = ops.scan(
            step,
            (
                ops.zeros((ops.shape(text)[0], 4), self.compute_dtype),
                ops.zeros((ops.shape(text)[0], 7), self.compute_dtype),
                [ops.zeros((ops.shape(text)[0], 7), self.compute_dtype)],
            ),
            length=3,
        )
        return ops.swapaxes(frames, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], 3, 4), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in (
            "dense_q_layer",
            "dropout_p_layer",
            "attention_c_layer",
            "decoder_layer",
            "frames_layer",
        ):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "DenseQLoop":
        for name in (
            "dense_q_layer",
            "dropout_p_layer",
            "attention_c_layer",
            "decoder_layer",
            "frames_layer",
        ):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``text`` to a sequence ``frames``.

                      F   F   F   dense(4, name=frames)
                      |   |   |
                      D---D---D   gru(7, name=decoder)
                     /|  /|  /|
        E=E=E=E     C | C | C |
        | | | |     | | | | | |
        W W W W     d | d | d |
        | | | |       |   |   |
        X X X X       P   P   P
                      |   |   |
                      Q   Q   Q   dense(5, relu)
                      |   |   |
                      f   f   f

        X = tokens(15, name=text)
        P = dropout(0.5)
        W = embedding(6)
        E = gru(3, name=encoder)
        C = attention(E, score=additive, key=5)

    Shapes, without the batch:
        input text: (4,) int32
        output frames: (3, 4)
    """
    text = keras.Input(shape=(4,), dtype="int32", name="text")
    embedding_w = layers.Embedding(15, 6, name="embedding_w")(text)
    encoder = layers.Bidirectional(
        layers.GRU(3, return_sequences=True),
        name="encoder",
    )(embedding_w)
    frames = DenseQLoop(
        dense_q_layer=layers.Dense(5, activation="relu", name="dense_q"),
        dropout_p_layer=layers.Dropout(0.5, name="dropout_p"),
        attention_c_layer=BahdanauAttention(5, name="attention_c"),
        decoder_layer=layers.GRU(7, name="decoder"),
        frames_layer=layers.Dense(4, name="frames"),
        name="dense_q_loop",
    )([text, encoder])
    return keras.Model(inputs=text, outputs=frames, name="speech_tacotron")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("frames", model.output_shape)
