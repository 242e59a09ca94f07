"""Keras model text-bag-of-words: many-to-one, masked."""

import keras
from keras import layers, ops


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

            Y       dense(4, softmax)
            |
            M       mean
            |
        +-+-+-+-+
        | | | | |
        W W W W W   embedding(8, mask=true)
        | | | | |
        X X X X X   tokens(30)

    Shapes, without the batch:
        input x: (5,) int32
        output y: (4,)
    """
    x = keras.Input(shape=(5,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_w = layers.Embedding(30, 8, name="embedding_w")(x)
    embedding_w = ops.where(mask[..., None], embedding_w, 0.0)
    mean_m = layers.GlobalAveragePooling1D()(embedding_w, mask=some_valid(mask))
    y = layers.Dense(4, activation="softmax", name="dense_y")(mean_m)
    return keras.Model(inputs=x, outputs=y, name="text_bag_of_words")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
