"""Keras model turns-of-a-dialogue: many-to-many aligned, bidirectional, variable length."""

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


def build_turn(name: str = "turn") -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``t``.

                T   dense(5, tanh)
                |
        H H ... H   lstm(6)
        | |     |
        W W ... W   embedding(4, mask=true)
        | |     |
        X X ... X   tokens(50)

    Shapes, without the batch:
        input x: (None,) int32
        output t: (5,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    embedding_w = layers.Embedding(50, 4, mask_zero=True, name="embedding_w")(x)
    lstm_h = layers.LSTM(6, use_cudnn=False, name="lstm_h")(embedding_w)
    t = layers.Dense(5, activation="tanh", name="dense_t")(lstm_h)
    return keras.Model(inputs=x, outputs=t, name=name)


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``words`` to a sequence ``y``.

        Y Y ... Y   dense(4, softmax)
        | |     |
        G=G=...=G   lstm(6)
        | |     |
        T T ... T   turn
        | |     |
        X X ... X   tokens(50, 7, name=words)

    Shapes, without the batch:
        input words: (None, 7) int32
        output y: (None, 4)
    """
    words = keras.Input(shape=(None, 7), dtype="int32", name="words")
    turn_t = EachStep(build_turn(name="turn_t"))(words)
    lstm_g = layers.Bidirectional(
        layers.LSTM(6, return_sequences=True),
        name="lstm_g",
    )(turn_t)
    y = layers.Dense(4, activation="softmax", name="dense_y")(lstm_g)
    return keras.Model(inputs=words, outputs=y, name="turns_of_a_dialogue")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
