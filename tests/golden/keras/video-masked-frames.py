"""Keras model video-masked-frames: many-to-one, masked, variable length."""

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


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``frames`` to a vector ``y``.

                Y   dense(3, softmax)
                |
        H H ... H   gru(6)
        | |     |
        M M ... M   mean(grid)
        | |     |
        C C ... C   conv2d(4, 3, relu)
        | |     |
        X X ... X   input(6, 6, 1, mask=0, name=frames)

    Shapes, without the batch:
        input frames: (None, 6, 6, 1) float32
        output y: (3,)
    """
    frames = keras.Input(shape=(None, 6, 6, 1), name="frames")
    mask = ops.any(ops.not_equal(frames, 0), axis=(-3, -2, -1))
    conv2d_c = EachStep(
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        name="conv2d_c",
    )(frames)
    conv2d_c = ops.where(mask[..., None, None, None], conv2d_c, 0.0)
    pooled_m = EachStep(layers.GlobalAveragePooling2D(), name="pooled_m")(conv2d_c)
    gru_h = layers.GRU(6, use_cudnn=False, name="gru_h")(pooled_m, mask=mask)
    y = layers.Dense(3, activation="softmax", name="dense_y")(gru_h)
    return keras.Model(inputs=frames, outputs=y, name="video_masked_frames")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
