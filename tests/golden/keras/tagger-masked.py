"""Keras model tagger-masked: many-to-many aligned, bidirectional, masked, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class PaddedAtEnd(layers.Layer):
    """Pass a sequence through, and refuse padding before a valid step.

    Compilers (XLA by ``jit_compile=True``, ``jax.jit``, ``torch.compile``) drop the check.
    """

    def call(self, x: keras.KerasTensor, valid: keras.KerasTensor) -> keras.KerasTensor:
        stray = ops.any(ops.logical_and(valid[:, 1:], ops.logical_not(valid[:, :-1])))
        message = "padding=end: a padded step comes before a valid step"
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf

            # Takes effect within a graph as well.
            tf.debugging.assert_equal(stray, False, message=message)
        elif _is_true(stray):
            raise ValueError(message)
        return x

    def compute_output_spec(
        self, x: keras.KerasTensor, valid: keras.KerasTensor
    ) -> keras.KerasTensor:
        return keras.KerasTensor(x.shape, dtype=x.dtype)


def _is_true(tensor: keras.KerasTensor) -> bool:
    """Whether a tensor is true, and no compiler traces the call."""
    if keras.backend.backend() == "torch":
        import torch

        return not torch.compiler.is_compiling() and bool(tensor)
    try:
        return bool(tensor)
    except TypeError:
        # A traced tensor has no value yet.
        return False


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


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``words`` to a sequence ``tags``.

        T ... T T   dense(5, softmax, name=tags)
        |     | |
        H=...=H=H   gru(8)
        |     | |
        W ... W W   embedding(6, mask=true)
        |     | |
        X ... X X   tokens(30, name=words, padding=end)

    Shapes, without the batch:
        input words: (None,) int32
        output tags: (None, 5)
    """
    words = keras.Input(shape=(None,), dtype="int32", name="words")
    mask = ops.not_equal(words, 0)
    checked = PaddedAtEnd()(words, mask)
    embedding_w = layers.Embedding(30, 6, mask_zero=True, name="embedding_w")(checked)
    gru_h = layers.Bidirectional(
        layers.GRU(8, return_sequences=True, zero_output_for_mask=True),
        name="gru_h",
    )(embedding_w)
    tags = layers.Dense(5, activation="softmax", name="tags")(gru_h)
    tags = ZeroMasked()(tags)
    return keras.Model(inputs=words, outputs=tags, name="tagger_masked")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
