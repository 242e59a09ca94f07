"""Keras model words-of-characters: many-to-many aligned, bidirectional, variable length."""

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
    """Build a model that maps a sequence of grids ``characters`` to a sequence ``y``.

        Y Y ... Y   dense(5, softmax)
        | |     |
        H=H=...=H   lstm(6)
        | |     |
        M M ... M   max(grid)
        | |     |
        D D ... D   dense(7, tanh)
        | |     |
        E E ... E   embedding(4)
        | |     |
        X X ... X   tokens(30, 8, name=characters)

    Shapes, without the batch:
        input characters: (None, 8) int32
        output y: (None, 5)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 8), dtype="int32", name="characters"),
            layers.Embedding(30, 4, name="embedding_e"),
            layers.Dense(7, activation="tanh", name="dense_d"),
            EachStep(layers.GlobalMaxPooling1D(), name="pooled_m"),
            layers.Bidirectional(layers.LSTM(6, return_sequences=True), name="lstm_h"),
            layers.Dense(5, activation="softmax", name="dense_y"),
        ],
        name="words_of_characters",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
