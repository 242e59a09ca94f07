"""Keras model tagger-packed: many-to-many aligned, bidirectional, masked, variable length."""

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


def steps_before(
    lengths: keras.KerasTensor, like: keras.KerasTensor
) -> keras.KerasTensor:
    """Which steps, (batch, steps) as ``like`` has, come before the length of their sample."""
    numbers = ops.cumsum(ops.ones_like(like, dtype="int32"), axis=1)
    return numbers <= ops.expand_dims(lengths, 1)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``words`` to a sequence ``tags``.

        T ... T   dense(9, softmax, name=tags)
        |     |
        H=...=H   lstm(8)
        |     |
        W ... W   embedding(12)
        |     |
        X ... X   tokens(30, lengths=true, name=words)

    Shapes, without the batch:
        input words: (None,) int32
        input words_lengths: () int32, valid steps of words
        output tags: (None, 9)
    """
    words_lengths = keras.Input(shape=(), dtype="int32", name="words_lengths")
    words = keras.Input(shape=(None,), dtype="int32", name="words")
    mask = steps_before(words_lengths, words)
    embedding_w = layers.Embedding(30, 12, name="embedding_w")(words)
    lstm_h = layers.Bidirectional(
        layers.LSTM(8, return_sequences=True, zero_output_for_mask=True),
        name="lstm_h",
    )(embedding_w, mask=mask)
    tags = layers.Dense(9, activation="softmax", name="tags")(lstm_h)
    tags = ZeroMasked()(tags, mask=mask)
    return keras.Model(
        inputs=[words, words_lengths],
        outputs=tags,
        name="tagger_packed",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
