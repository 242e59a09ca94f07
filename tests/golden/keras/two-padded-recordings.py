"""Keras model two-padded-recordings: many-to-one, bidirectional, masked, variable length."""

import keras
from keras import layers, ops


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``y`` to a vector ``q``.

        Q
        |
        M
        |
        +-+-----+-+-+-----+
        | |     | | |     |
        H=H=...=H=H=H=...=H
        | |     | | |     |
        X X ... X Y Y ... Y

        X = input(3, mask=-1)
        Y = input(3, mask=0)
        H = lstm(3)
        M = mean
        Q = dense(2)

    Shapes, without the batch:
        input x: (None, 3) float32
        input y: (None, 3) float32
        output q: (2,)
    """
    x = keras.Input(shape=(None, 3), name="x")
    mask = ops.any(ops.not_equal(x, -1), axis=-1)
    masked = ops.where(mask[..., None], x, 0.0)
    y = keras.Input(shape=(None, 3), name="y")
    mask_2 = ops.any(ops.not_equal(y, 0), axis=-1)
    joined = layers.Concatenate(axis=1)([masked, y])
    valid = ops.concatenate([mask, mask_2], axis=1)
    lstm_h = layers.Bidirectional(
        layers.LSTM(
            3,
            return_sequences=True,
            zero_output_for_mask=True,
            use_cudnn=False,
        ),
        name="lstm_h",
    )(joined, mask=valid)
    mean_m = layers.GlobalAveragePooling1D()(lstm_h, mask=some_valid(valid))
    q = layers.Dense(2, name="dense_q")(mean_m)
    return keras.Model(inputs=[x, y], outputs=q, name="two_padded_recordings")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("q", model.output_shape)
