"""Keras model text-power-means: many-to-one, masked, variable length."""

import keras
from keras import layers, ops


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

              Y         dense(3, softmax)
              |
          +---+---+
          |   |   |
          S   M   L
          |   |   |
        +-+---+---+-+
        | |       | |
        W W  ...  W W   embedding(10, mask=true)
        | |       | |
        X X  ...  X X   tokens(30)

        S = min(name=smallest)
        M = mean
        L = max(name=largest)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (3,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_w = layers.Embedding(30, 10, name="embedding_w")(x)
    embedding_w = ops.where(mask[..., None], embedding_w, 0.0)
    smallest = layers.Identity(name="smallest")(
        ops.min(
            ops.where(some_valid(mask)[..., None], embedding_w, float("inf")),
            axis=1,
        ),
    )
    mean_m = layers.GlobalAveragePooling1D()(embedding_w, mask=some_valid(mask))
    largest = layers.Identity(name="largest")(
        ops.max(
            ops.where(some_valid(mask)[..., None], embedding_w, float("-inf")),
            axis=1,
        ),
    )
    joined = layers.Concatenate()([smallest, mean_m, largest])
    y = layers.Dense(3, activation="softmax", name="dense_y")(joined)
    return keras.Model(inputs=x, outputs=y, name="text_power_means")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
