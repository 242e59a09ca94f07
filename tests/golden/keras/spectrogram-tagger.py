"""Keras model spectrogram-tagger: many-to-many aligned, variable length."""

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
    """Build a model that maps a sequence of grids to a sequence.

        Y Y ... Y   dense(4, sigmoid)
        | |     |
        H-H-...-H   gru(6)
        | |     |
        M M ... M   mean(grid)
        | |     |
        D D ... D   conv2d(5, 2, relu, stride=2)
        | |     |
        P P ... P   meanpool2d(2)
        | |     |
        B B ... B   batchnorm
        | |     |
        C C ... C   conv2d(4, 3, relu, padding=valid)
        | |     |
        X X ... X   input(10, 6, 1, name=spectrogram)

    Shapes, without the batch:
        input spectrogram: (None, 10, 6, 1) float32
        output y: (None, 4)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 10, 6, 1), name="spectrogram"),
            EachStep(layers.Conv2D(4, 3, activation="relu"), name="conv2d_c"),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="batchnorm_b"),
            EachStep(layers.AveragePooling2D(2), name="pooled_p"),
            EachStep(layers.ZeroPadding2D(((0, 1), (0, 1)))),
            EachStep(
                layers.Conv2D(5, 2, strides=2, activation="relu"),
                name="conv2d_d",
            ),
            EachStep(layers.GlobalAveragePooling2D(), name="pooled_m"),
            layers.GRU(6, return_sequences=True, name="gru_h"),
            layers.Dense(4, activation="sigmoid", name="dense_y"),
        ],
        name="spectrogram_tagger",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
