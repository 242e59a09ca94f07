"""Keras model video-clips-pooled: many-to-one, masked, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="seqdsl")
class EachStep(layers.Wrapper):
    """Apply a layer to every step: all steps of all samples are one batch for it.

    In a graph for any number of steps, `layers.TimeDistributed` of Keras 3.14 and 3.15
    gives as many steps as there are samples.
    """

    def __init__(self, layer: layers.Layer, **options) -> None:
        super().__init__(layer, **options)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        super().build((None, *input_shape[2:]))

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        steps = ops.shape(x)[1]
        y = self.layer(ops.reshape(x, (-1, *x.shape[2:])))
        return ops.reshape(y, (-1, steps, *y.shape[1:]))

    def compute_mask(self, inputs: keras.KerasTensor, mask: object = None) -> None:
        # A mask is given where it is read.
        return None

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        given = self.layer.compute_output_shape((None, *input_shape[2:]))
        return (*input_shape[:2], *given[1:])


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def steps_before(
    lengths: keras.KerasTensor, like: keras.KerasTensor
) -> keras.KerasTensor:
    """Which steps, (batch, steps) as ``like`` has, come before the length of their sample."""
    numbers = ops.cumsum(ops.ones_like(like, dtype="int32"), axis=1)
    return numbers <= ops.expand_dims(lengths, 1)


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``clip`` to a vector ``y``.

              Y       dense(6, softmax)
              |
              F       flatten
              |
              M       max
              |
        +-+---+-+-+
        | |     | |
        P P ... P P   maxpool2d(2)
        | |     | |
        C C ... C C   conv2d(4, 3, relu)
        | |     | |
        X X ... X X   input(6, 6, 3, lengths=true, name=clip)

    Shapes, without the batch:
        input clip: (None, 6, 6, 3) float32
        input clip_lengths: () int32, valid steps of clip
        output y: (6,)
    """
    clip_lengths = keras.Input(shape=(), dtype="int32", name="clip_lengths")
    clip = keras.Input(shape=(None, 6, 6, 3), name="clip")
    mask = steps_before(clip_lengths, clip[..., 0, 0, 0])
    masked = ops.where(mask[..., None, None, None], clip, 0.0)
    conv2d_c = EachStep(
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        name="conv2d_c",
    )(masked)
    conv2d_c = ops.where(mask[..., None, None, None], conv2d_c, 0.0)
    pooled_p = EachStep(layers.MaxPooling2D(2), name="pooled_p")(conv2d_c)
    pooled_p = ops.where(mask[..., None, None, None], pooled_p, 0.0)
    max_m = ops.max(
        ops.where(some_valid(mask)[..., None, None, None], pooled_p, float("-inf")),
        axis=1,
    )
    flat_f = layers.Flatten(name="flat_f")(max_m)
    y = layers.Dense(6, activation="softmax", name="dense_y")(flat_f)
    return keras.Model(
        inputs=[clip, clip_lengths],
        outputs=y,
        name="video_clips_pooled",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
