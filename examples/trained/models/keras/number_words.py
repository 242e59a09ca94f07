"""Keras model number-words: encoder-decoder, bidirectional, state handoff, feedback, masked, variable length."""

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
    """Build a model that maps 2 sequences to a sequence.

                      Y ... Y   dense(30)
                      |     |
                  +---D-...-D
                  |  /|    /|
                  +-+-|---+ |
                  |   |     |
        E=E=...=E-+   |     |
        | |     |     |     |
        W W ... W     V ... V
        | |     |     |     |
        X X ... X     Z ... Z

        X = tokens(30, name=source, padding=end)
        Z = tokens(30, feedback=Y, name=target, padding=end)
        W = embedding(32, mask=true)
        V = embedding(32, mask=true)
        E = gru(64, name=encoder)
        D = gru(128, name=decoder)

    Shapes, without the batch:
        input source: (None,) int32
        input target: (None,) int32
        output y: (None, 30)
    """
    source = keras.Input(shape=(None,), dtype="int32", name="source")
    target = keras.Input(shape=(None,), dtype="int32", name="target")
    mask = ops.not_equal(source, 0)
    checked = PaddedAtEnd()(source, mask)
    embedding_w = layers.Embedding(30, 32, mask_zero=True, name="embedding_w")(checked)
    mask_2 = ops.not_equal(target, 0)
    checked_2 = PaddedAtEnd()(target, mask_2)
    embedding_v = layers.Embedding(30, 32, name="embedding_v")(checked_2)
    embedding_v = ops.where(mask_2[..., None], embedding_v, 0.0)
    encoder, forward_h, backward_h = layers.Bidirectional(
        layers.GRU(64, return_state=True),
        name="encoder",
    )(embedding_w)
    # The same at each step, however many there are.
    repeated = ops.expand_dims(encoder, 1) * ops.ones_like(
        checked_2[..., None][:, :, :1],
    )
    joined = layers.Concatenate()([repeated, embedding_v])
    decoder = layers.GRU(
        128,
        return_sequences=True,
        zero_output_for_mask=True,
        name="decoder",
    )(
        joined,
        mask=mask_2,
        initial_state=[layers.Concatenate()([forward_h, backward_h])],
    )
    y = layers.Dense(30, name="dense_y")(decoder)
    y = ZeroMasked()(y, mask=mask_2)
    return keras.Model(inputs=[source, target], outputs=y, name="number_words")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
