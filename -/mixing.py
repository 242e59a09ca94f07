"""Keras model mixing: many-to-one, shared weights, masked, variable length."""

import keras
from keras import layers, ops


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_both(name: str = "both") -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y-Y-...-Y   lstm(3)
        | |     |
        M M ... M   layernorm
        | |     |
        X X ... X   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        input mask: (None,) bool, true at valid steps of x
        output y: (None, 3)
    """
    x = keras.Input(shape=(None, 3), name="x")
    mask = keras.Input(shape=(None,), dtype="bool", name="mask")
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(x)
    y = layers.LSTM(
        3,
        return_sequences=True,
        zero_output_for_mask=True,
        use_cudnn=False,
        name="lstm_y",
    )(layernorm_m, mask=mask)
    return keras.Model(inputs=[x, mask], outputs=y, name=name)


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``z`` to a vector ``r``.

              R
              |
        +-----+-----+
        |           |
        P           Q
        |           |
        +-+---+     +-+---+
        | |   |     | |   |
        B B...B     B B...B
        | |   |     | |   |
        X X...X     Z Z...Z

        X = input(3, mask=0)
        Z = input(3)
        B = both
        P = mean
        Q = max
        R = add

    Shapes, without the batch:
        input x: (None, 3) float32
        input z: (None, 3) float32
        output r: (3,)
    """
    x = keras.Input(shape=(None, 3), name="x")
    mask = ops.any(ops.not_equal(x, 0), axis=-1)
    z = keras.Input(shape=(None, 3), name="z")
    both_b_layer = build_both(name="both_b")
    both_b_1 = both_b_layer([x, mask])
    both_b_2 = both_b_layer([z, ops.ones_like(z[..., 0], dtype="bool")])
    mean_p = layers.GlobalAveragePooling1D()(both_b_1, mask=some_valid(mask))
    max_q = layers.GlobalMaxPooling1D()(both_b_2)
    r = layers.Add()([mean_p, max_q])
    return keras.Model(inputs=[x, z], outputs=r, name="mixing")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("r", model.output_shape)
