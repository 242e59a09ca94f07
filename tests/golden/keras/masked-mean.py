"""Keras model masked-mean: many-to-one, masked."""

import keras
from keras import layers, ops


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

            Y       dense(2, softmax)
            |
            M       mean
            |
        +-+-+-+-+
        | | | | |
        H H H H H   gru(12)
        | | | | |
        X X X X X   input(3, mask=0)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2,)
    """
    x = keras.Input(shape=(5, 3), name="x")
    mask = ops.any(ops.not_equal(x, 0), axis=-1)
    masked = layers.Masking(mask_value=0.0)(x)
    gru_h = layers.GRU(
        12,
        return_sequences=True,
        zero_output_for_mask=True,
        use_cudnn=False,
        name="gru_h",
    )(masked)
    mean_m = layers.GlobalAveragePooling1D()(gru_h, mask=some_valid(mask))
    y = layers.Dense(2, activation="softmax", name="dense_y")(mean_m)
    return keras.Model(inputs=x, outputs=y, name="masked_mean")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
