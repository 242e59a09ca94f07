"""Keras model word: many-to-one, convolutional, masked."""

import keras
from keras import layers, ops


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``m``.

              M       max
              |
        +-+-+-+-+-+
        | | | | | |
        C C C C C C   conv(5, 3, relu)
        | | | | | |
        E E E E E E   embedding(4, mask=true)
        | | | | | |
        X X X X X X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output m: (5,)
    """
    x = keras.Input(shape=(6,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_e = layers.Embedding(30, 4, name="embedding_e")(x)
    embedding_e = ops.where(mask[..., None], embedding_e, 0.0)
    conv_c = layers.Conv1D(
        5,
        3,
        padding="same",
        activation="relu",
        name="conv_c",
    )(embedding_e)
    conv_c = ops.where(mask[..., None], conv_c, 0.0)
    m = ops.max(ops.where(some_valid(mask)[..., None], conv_c, float("-inf")), axis=1)
    return keras.Model(inputs=x, outputs=m, name="word")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("m", model.output_shape)
