"""Keras model words-by-character-convolution: many-to-many aligned, bidirectional, masked, variable length."""

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


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_word(name: str = "word") -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``m``.

              M       max
              |
        +-+-+-+-+-+
        | | | | | |
        C C C C C C   conv(5, 3, relu)
        | | | | | |
        E E E E E E   embedding(4, mask=true)
        | | | | | |
        X X X X X X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output m: (5,)
    """
    x = keras.Input(shape=(6,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_e = layers.Embedding(30, 4, name="embedding_e")(x)
    embedding_e = ops.where(mask[..., None], embedding_e, 0.0)
    conv_c = layers.Conv1D(
        5,
        3,
        padding="same",
        activation="relu",
        name="conv_c",
    )(embedding_e)
    conv_c = ops.where(mask[..., None], conv_c, 0.0)
    m = ops.max(ops.where(some_valid(mask)[..., None], conv_c, float("-inf")), axis=1)
    return keras.Model(inputs=x, outputs=m, name=name)


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``characters`` to a sequence ``y``.

        Y Y ... Y   dense(4, softmax)
        | |     |
        H=H=...=H   lstm(5)
        | |     |
        W W ... W   word
        | |     |
        X X ... X   tokens(30, 6, mask=true, name=characters)

    Shapes, without the batch:
        input characters: (None, 6) int32
        output y: (None, 4)
    """
    characters = keras.Input(shape=(None, 6), dtype="int32", name="characters")
    mask = ops.any(ops.not_equal(characters, 0), axis=-1)
    word_w = EachStep(build_word(name="word_w"))(characters)
    lstm_h = layers.Bidirectional(
        layers.LSTM(
            5,
            return_sequences=True,
            zero_output_for_mask=True,
            use_cudnn=False,
        ),
        name="lstm_h",
    )(word_w, mask=mask)
    y = layers.Dense(4, activation="softmax", name="dense_y")(lstm_h)
    y = ZeroMasked()(y, mask=mask)
    return keras.Model(
        inputs=characters,
        outputs=y,
        name="words_by_character_convolution",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
