"""Keras model tagger-tag-before: many-to-many aligned, stacked 2, bidirectional, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="tagger_tag_before")
class EmbeddingVLoop(layers.Layer):
    """A loop: each step of ``embedding_v``, ``decoder``, ``dense_y`` and ``t`` reads what steps before it gave."""

    def __init__(
        self,
        embedding_v_layer: layers.Layer,
        decoder_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.embedding_v_layer = embedding_v_layer
        self.decoder_layer = decoder_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.embedding_v_layer.built:
            self.embedding_v_layer.build((None,))
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 9))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 6))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        x, lstm_h = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            t, decoder_state = carry
            (lstm_h_now,) = now
            embedding_v = self.embedding_v_layer(t)
            decoder, decoder_state = self.decoder_layer.cell(
                ops.concatenate([lstm_h_now, embedding_v], axis=-1),
                decoder_state,
            )
            dense_y = self.dense_y_layer(decoder)
            t = ops.argmax(dense_y, axis=-1)
            carry = (t, decoder_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (t, _) = ops.scan(
            step,
            (
                ops.zeros((ops.shape(x)[0],), "int32"),
                [
                    ops.zeros((ops.shape(x)[0], 6), self.compute_dtype),
                    ops.zeros((ops.shape(x)[0], 6), self.compute_dtype),
                ],
            ),
            (ops.swapaxes(lstm_h, 0, 1),),
        )
        return ops.swapaxes(t, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor(
            (inputs[0].shape[0], inputs[1].shape[1]),
            dtype="int32",
        )

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("embedding_v_layer", "decoder_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "EmbeddingVLoop":
        for name in ("embedding_v_layer", "decoder_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``t``.

        T   T   T   T     argmax
        |   |   |   |
        Y   Y   Y   Y     dense(5, softmax)
        |   |   |   |
        D---D---D---D     lstm(6, name=decoder)
        |\  |\  |\  |\
        | V | V | V | V   embedding(3)
        | | | | | | | |
        | t | t | t | t
        |   |   |   |
        H===H===H===H     lstm(3)
        |   |   |   |
        W   W   W   W     embedding(6)
        |   |   |   |
        X   X   X   X     tokens(15)

    Shapes, without the batch:
        input x: (4,) int32
        output t: (4,)
    """
    x = keras.Input(shape=(4,), dtype="int32", name="x")
    embedding_w = layers.Embedding(15, 6, name="embedding_w")(x)
    lstm_h = layers.Bidirectional(
        layers.LSTM(3, return_sequences=True),
        name="lstm_h",
    )(embedding_w)
    t = EmbeddingVLoop(
        embedding_v_layer=layers.Embedding(5, 3, name="embedding_v"),
        decoder_layer=layers.LSTM(6, name="decoder"),
        dense_y_layer=layers.Dense(5, activation="softmax", name="dense_y"),
        name="embedding_v_loop",
    )([x, lstm_h])
    return keras.Model(inputs=x, outputs=t, name="tagger_tag_before")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("t", model.output_shape)
