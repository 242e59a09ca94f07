"""Keras model video-next-frame: many-to-many aligned, stacked 2, variable length."""

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
    """Build a model that maps a sequence of grids to a sequence of grids.

        Y Y ... Y   conv2d(1, 3, sigmoid)
        | |     |
        H H ... H   convlstm(3, 3)
        | |     |
        N N ... N   batchnorm
        | |     |
        G G ... G   convlstm(4, 3)
        | |     |
        X X ... X   input(6, 6, 1, name=frames)

    Shapes, without the batch:
        input frames: (None, 6, 6, 1) float32
        output y: (None, 6, 6, 1)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 6, 6, 1), name="frames"),
            layers.ConvLSTM2D(
                4,
                3,
                padding="same",
                return_sequences=True,
                name="convlstm_g",
            ),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="batchnorm_n"),
            layers.ConvLSTM2D(
                3,
                3,
                padding="same",
                return_sequences=True,
                name="convlstm_h",
            ),
            EachStep(
                layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
                name="conv2d_y",
            ),
        ],
        name="video_next_frame",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
