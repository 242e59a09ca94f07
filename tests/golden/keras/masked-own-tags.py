"""Keras model masked-own-tags: many-to-many aligned, feedback, masked."""

import keras
from keras import layers, ops


def valid_state(
    valid: keras.KerasTensor,
    new: list[keras.KerasTensor],
    old: list[keras.KerasTensor],
) -> list[keras.KerasTensor]:
    """The new state of the samples whose step is valid, the old one of the others."""
    pairs = zip(new, old, strict=True)
    return [ops.where(valid[:, None], *pair) for pair in pairs]


@keras.saving.register_keras_serializable(package="masked_own_tags")
class EmbeddingELoop(layers.Layer):
    """A loop: each step of ``embedding_e``, ``lstm_h``, ``dense_y`` and ``t`` reads what steps before it gave."""

    def __init__(
        self,
        embedding_e_layer: layers.Layer,
        lstm_h_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.embedding_e_layer = embedding_e_layer
        self.lstm_h_layer = lstm_h_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.embedding_e_layer.built:
            self.embedding_e_layer.build((None,))
        if not self.lstm_h_layer.built:
            self.lstm_h_layer.build((None, None, 12))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 12))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        first, mask, embedding_w = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            t_before, lstm_h_state, t = carry
            mask_now, embedding_w_now = now
            embedding_e = self.embedding_e_layer(t_before)
            lstm_h, new_state = self.lstm_h_layer.cell(
                ops.concatenate([embedding_e, embedding_w_now], axis=-1),
                lstm_h_state,
            )
            lstm_h_state = valid_state(mask_now, new_state, lstm_h_state)
            dense_y = self.dense_y_layer(lstm_h)
            t = ops.argmax(dense_y, axis=-1)
            t = ops.where(mask_now, t, 0)
            t_before = ops.where(mask_now, t, t_before)
            carry = (t_before, lstm_h_state, t)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (_, _, t) = ops.scan(
            step,
            (
                first,
                [
                    ops.zeros((ops.shape(first)[0], 12), self.compute_dtype),
                    ops.zeros((ops.shape(first)[0], 12), self.compute_dtype),
                ],
                ops.zeros((ops.shape(first)[0],), "int32"),
            ),
            (ops.swapaxes(mask, 0, 1), ops.swapaxes(embedding_w, 0, 1)),
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
        for name in ("embedding_e_layer", "lstm_h_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "EmbeddingELoop":
        for name in ("embedding_e_layer", "lstm_h_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a token and a sequence to a sequence.

          T   T   T   T   argmax
          |   |   |   |
          Y   Y   Y   Y   dense(5)
          |   |   |   |
          H---H---H---H   lstm(12)
         /|  /|  /|  /|
        E | E | E | E |   embedding(4)
        | | | | | | | |
        | W | W | W | W   embedding(8, mask=true)
        | | | | | | | |
        S X t X t X t X

        X = tokens(60, name=words)
        S = tokens(5, name=first)

    Shapes, without the batch:
        input first: () int32
        input words: (4,) int32
        output t: (4,)
    """
    first = keras.Input(shape=(), dtype="int32", name="first")
    words = keras.Input(shape=(4,), dtype="int32", name="words")
    mask = ops.not_equal(words, 0)
    embedding_w = layers.Embedding(60, 8, name="embedding_w")(words)
    embedding_w = ops.where(mask[..., None], embedding_w, 0.0)
    t = EmbeddingELoop(
        embedding_e_layer=layers.Embedding(5, 4, name="embedding_e"),
        lstm_h_layer=layers.LSTM(12, name="lstm_h"),
        dense_y_layer=layers.Dense(5, name="dense_y"),
        name="embedding_e_loop",
    )([first, mask, embedding_w])
    return keras.Model(inputs=[first, words], outputs=t, name="masked_own_tags")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("t", model.output_shape)
