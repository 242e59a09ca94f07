"""Keras model attention-state-before: encoder-decoder, attention, state handoff, feedback.

It has no `generate`: this target cannot write it for this model yet.
"""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="attention_state_before")
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
            self.attention_c_layer.build([(None, 1, 32), (None, None, 32)])
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 56))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        start, state_h, encoder, embedding_v = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            decoder, decoder_state = carry
            (embedding_v_now,) = now
            attention_c = self.attention_c_layer([decoder[:, None], encoder])[:, 0]
            decoder, decoder_state = self.decoder_layer.cell(
                ops.concatenate([attention_c, embedding_v_now], axis=-1),
                decoder_state,
            )
            carry = (decoder, decoder_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (decoder, _) = ops.scan(
            step,
            (start, [state_h]),
            (ops.swapaxes(embedding_v, 0, 1),),
        )
        return ops.swapaxes(decoder, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor(
            (inputs[0].shape[0], inputs[3].shape[1], 32),
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
    """Build a model that maps 2 sequences to a sequence.

                    Y   Y   Y
                    |   |   |
        E-E-E-E-----D---D---D
        | | | |    /|  /|  /|
        | | | |   C | C | C |
        | | | |   | | | | | |
        | | | |   d | d | d |
        | | | |     |   |   |
        W W W W     V   V   V
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = tokens(40, name=source)
        Z = tokens(50, name=target, feedback=Y)
        W = embedding(24)
        V = embedding(24)
        E = gru(32, name=encoder)
        D = gru(32, name=decoder)
        C = attention(E, score=additive)
        Y = dense(50, log_softmax)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3,) int32
        output y: (3, 50)
    """
    source = keras.Input(shape=(4,), dtype="int32", name="source")
    target = keras.Input(shape=(3,), dtype="int32", name="target")
    embedding_w = layers.Embedding(40, 24, name="embedding_w")(source)
    embedding_v = layers.Embedding(50, 24, name="embedding_v")(target)
    encoder, state_h = layers.GRU(
        32,
        return_sequences=True,
        return_state=True,
        name="encoder",
    )(embedding_w)
    decoder = AttentionCLoop(
        attention_c_layer=layers.AdditiveAttention(name="attention_c"),
        decoder_layer=layers.GRU(32, name="decoder"),
        name="attention_c_loop",
    )([encoder[:, -1], state_h, encoder, embedding_v])
    y = layers.Dense(50, activation="log_softmax", name="dense_y")(decoder)
    return keras.Model(
        inputs=[source, target],
        outputs=y,
        name="attention_state_before",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
