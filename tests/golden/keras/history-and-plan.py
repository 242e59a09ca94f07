"""Keras model history-and-plan: graph, masked, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class Between(layers.Layer):
    """Steps of a sequence whose place is known at run time only.

    As many as the second input has, after as many as the third has (none: from the first).
    """

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        sequence, like, *before = inputs
        start = ops.shape(before[0])[1] if before else 0
        return sequence[:, start : start + ops.shape(like)[1]]

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        sequence, like, *_ = inputs
        shape = (sequence.shape[0], like.shape[1], *sequence.shape[2:])
        return keras.KerasTensor(shape, dtype=sequence.dtype)


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


def true_first(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The indices, (batch, steps), that put the steps that are true in ``mask`` first."""
    # All keys differ, as not every backend sorts stably.
    true = ops.cast(mask, "int32")
    behind = ops.sum(true, axis=1, keepdims=True) + ops.cumsum(1 - true, axis=1)
    return ops.argsort(ops.where(mask, ops.cumsum(true, axis=1), behind), axis=1)


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``y`` to a sequence ``q``.

                  Q Q ... Q
                  | |     |
        H-H-...-H-H-H-...-H
        | |     | | |     |
        X X ... X Y Y ... Y

        X = input(3, mask=-1)
        Y = input(3)
        H = gru(4)
        Q = dense(2)

    Shapes, without the batch:
        input x: (None, 3) float32
        input y: (None, 3) float32
        output q: (None, 2)
    """
    x = keras.Input(shape=(None, 3), name="x")
    mask = ops.any(ops.not_equal(x, -1), axis=-1)
    masked = ops.where(mask[..., None], x, 0.0)
    y = keras.Input(shape=(None, 3), name="y")
    joined = layers.Concatenate(axis=1)([masked, y])
    valid = ops.concatenate([mask, ops.ones_like(y[..., 0], dtype="bool")], axis=1)
    gru_h = layers.GRU(
        4,
        return_sequences=True,
        zero_output_for_mask=True,
        use_cudnn=False,
        name="gru_h",
    )(joined, mask=valid)
    order = true_first(valid)
    valid_first = ops.take_along_axis(gru_h, order[..., None], axis=1)
    between = Between()([valid_first, y, masked])
    q = layers.Dense(2, name="dense_q")(between)
    valid_2 = ops.take_along_axis(valid, order, axis=1)
    q_mask = Between()([valid_2, y, masked])
    q = ZeroMasked()(q, mask=q_mask)
    return keras.Model(inputs=[x, y], outputs=q, name="history_and_plan")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("q", model.output_shape)
