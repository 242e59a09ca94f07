"""Keras model translation-input-feeding: encoder-decoder, attention, state handoff, feedback.

It has no `generate`: this target cannot write it for this model yet.
"""

import keras
from keras import layers, ops


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


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
