"""Keras model masked-last-step: many-to-one, masked."""

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


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(2, softmax)
                |
        H H H H H   lstm(12)
        | | | | |
        X X X X X   input(3, mask=0, padding=end)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2,)
    """
    x = keras.Input(shape=(5, 3), name="x")
    mask = ops.any(ops.not_equal(x, 0), axis=-1)
    checked = PaddedAtEnd()(x, mask)
    masked = layers.Masking(mask_value=0.0)(checked)
    lstm_h = layers.LSTM(12, name="lstm_h")(masked)
    y = layers.Dense(2, activation="softmax", name="dense_y")(lstm_h)
    return keras.Model(inputs=x, outputs=y, name="masked_last_step")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
