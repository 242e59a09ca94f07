"""Keras model masked-attention-state-before: encoder-decoder, attention, state handoff, feedback, masked."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class ZeroMasked(layers.Layer):
    """Zero the padded steps of a sequence; its mask goes on with it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(
        self, x: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        return x if mask is None else ops.where(mask[..., None], x, 0.0)


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def valid_state(
    valid: keras.KerasTensor,
    new: list[keras.KerasTensor],
    old: list[keras.KerasTensor],
) -> list[keras.KerasTensor]:
    """The new state of the samples whose step is valid, the old one of the others."""
    pairs = zip(new, old, strict=True)
    return [ops.where(valid[:, None], *pair) for pair in pairs]


@keras.saving.register_keras_serializable(package="masked_attention_state_before")
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
            self.attention_c_layer.build([(None, 1, 12), (None, None, 12)])
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 18))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        state_h, mask, encoder, allowed, target = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            decoder_before, decoder_state, decoder = carry
            mask_now, target_now = now
            attention_c = self.attention_c_layer(
                [decoder_before[:, None], encoder],
                mask=[None, allowed],
            )[:, 0]
            decoder, new_state = self.decoder_layer.cell(
                ops.concatenate([attention_c, target_now], axis=-1),
                decoder_state,
            )
            decoder_state = valid_state(mask_now, new_state, decoder_state)
            decoder = ops.where(mask_now[:, None], decoder, 0.0)
            decoder_before = ops.where(mask_now[:, None], decoder, decoder_before)
            carry = (decoder_before, decoder_state, decoder)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (_, _, decoder) = ops.scan(
            step,
            (
                state_h,
                [state_h],
                ops.zeros((ops.shape(state_h)[0], 12), self.compute_dtype),
            ),
            (ops.swapaxes(mask, 0, 1), ops.swapaxes(target, 0, 1)),
        )
        return ops.swapaxes(decoder, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor(
            (inputs[0].shape[0], inputs[1].shape[1], 12),
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
        W W W W     Z   Z   Z
        | | | |
        X X X X

        X = tokens(30, name=source)
        Z = input(6, mask=0, name=target)
        W = embedding(8, mask=true)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)
        C = attention(E, score=additive)
        Y = dense(20, log_softmax)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3, 6) float32
        output y: (3, 20)
    """
    source = keras.Input(shape=(4,), dtype="int32", name="source")
    target = keras.Input(shape=(3, 6), name="target")
    mask = ops.any(ops.not_equal(target, 0), axis=-1)
    mask_2 = ops.not_equal(source, 0)
    embedding_w = layers.Embedding(30, 8, mask_zero=True, name="embedding_w")(source)
    encoder, state_h = layers.GRU(
        12,
        return_sequences=True,
        zero_output_for_mask=True,
        return_state=True,
        use_cudnn=False,
        name="encoder",
    )(embedding_w)
    decoder = AttentionCLoop(
        attention_c_layer=layers.AdditiveAttention(name="attention_c"),
        decoder_layer=layers.GRU(12, name="decoder"),
        name="attention_c_loop",
    )([state_h, mask, encoder, some_valid(mask_2), target])
    y = layers.Dense(20, activation="log_softmax", name="dense_y")(decoder)
    y = ZeroMasked()(y, mask=mask)
    return keras.Model(
        inputs=[source, target],
        outputs=y,
        name="masked_attention_state_before",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
