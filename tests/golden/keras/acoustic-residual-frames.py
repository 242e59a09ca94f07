"""Keras model acoustic-residual-frames: many-to-many aligned, variable length."""

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


def build_frame_block(name: str = "frame_block") -> keras.Model:
    r"""Build a model that maps a vector ``x`` to a vector ``a``.

        A     add
        |\
        B |   dense(6)
        | |
        R |   dense(12, relu)
        | |
        N |   layernorm
        |/
        X     input(6)

    Shapes, without the batch:
        input x: (6,) float32
        output a: (6,)
    """
    x = keras.Input(shape=(6,), name="x")
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(x)
    dense_r = layers.Dense(12, activation="relu", name="dense_r")(layernorm_n)
    dense_b = layers.Dense(6, name="dense_b")(dense_r)
    a = layers.Add()([dense_b, x])
    return keras.Model(inputs=x, outputs=a, name=name)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(7, log_softmax)
        | |     |
        H-H-...-H   gru(5)
        | |     |
        B B ... B   frame_block
        | |     |
        A A ... A   frame_block
        | |     |
        E E ... E   dense(6)
        | |     |
        X X ... X   input(4)

    Shapes, without the batch:
        input x: (None, 4) float32
        output y: (None, 7)
    """
    x = keras.Input(shape=(None, 4), name="x")
    dense_e = layers.Dense(6, name="dense_e")(x)
    frame_block_a = EachStep(build_frame_block(name="frame_block_a"))(dense_e)
    frame_block_b = EachStep(build_frame_block(name="frame_block_b"))(frame_block_a)
    gru_h = layers.GRU(5, return_sequences=True, name="gru_h")(frame_block_b)
    y = layers.Dense(7, activation="log_softmax", name="dense_y")(gru_h)
    return keras.Model(inputs=x, outputs=y, name="acoustic_residual_frames")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
