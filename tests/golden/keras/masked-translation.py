"""Keras model masked-translation: encoder-decoder, attention, state handoff, masked."""

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


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                    Y   Y   Y   dense(9, softmax)
                    |   |   |
                    C   C   C   attention
                   /|  /|  /|
        +-+-+-+---+-|-+-|-+ |
        | | | |     |   |   |
        E-E-E-E-----D---D---D
        | | | |     |   |   |
        M M M M     |   |   |
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = tokens(20, name=source, padding=end)
        M = embedding(8, mask=true)
        Z = input(6, name=target)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3, 6) float32
        output y: (3, 9)
    """
    source = keras.Input(shape=(4,), dtype="int32", name="source")
    target = keras.Input(shape=(3, 6), name="target")
    mask = ops.not_equal(source, 0)
    checked = PaddedAtEnd()(source, mask)
    embedding_m = layers.Embedding(20, 8, mask_zero=True, name="embedding_m")(checked)
    encoder, *encoder_state = layers.GRU(
        12,
        return_sequences=True,
        zero_output_for_mask=True,
        return_state=True,
        name="encoder",
    )(embedding_m)
    decoder = layers.GRU(
        12,
        return_sequences=True,
        name="decoder",
    )(target, initial_state=encoder_state)
    attention_c = layers.Attention(name="attention_c")(
        [decoder, encoder],
        mask=[None, some_valid(mask)],
    )
    y = layers.Dense(9, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(inputs=[source, target], outputs=y, name="masked_translation")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
