"""Keras model hierarchical-attention: many-to-one, bidirectional, attention, masked, variable length."""

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
class LearnedSteps(layers.Layer):
    """A trained vector for each step, the same for every sample.

    As many samples as the input has, and as many steps, unless these are given.
    """

    def __init__(self, most: int, features: int, **options) -> None:
        super().__init__(**options)
        self.most, self.features = most, features

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = (self.most, self.features)
        self.embeddings = self.add_weight(
            shape=shape, initializer="uniform", name="embeddings"
        )

    def call(self, x: keras.KerasTensor, steps: int | None = None) -> keras.KerasTensor:
        batch, *_ = ops.shape(x)
        steps = ops.shape(x)[1] if steps is None else steps
        # Of too few vectors there is an error: they are not as many as the steps.
        return ops.broadcast_to(self.embeddings[:steps], (batch, steps, self.features))

    def compute_output_spec(
        self, x: keras.KerasTensor, steps: int | None = None
    ) -> keras.KerasTensor:
        steps = x.shape[1] if steps is None else steps
        shape = (x.shape[0], steps, self.features)
        return keras.KerasTensor(shape, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, object]:
        sizes = {"most": self.most, "features": self.features}
        return {**super().get_config(), **sizes}


def some_valid(mask: keras.KerasTensor) -> keras.KerasTensor:
    """The mask, all true for samples without a valid step, whose steps are all zero."""
    return ops.logical_or(mask, ops.logical_not(ops.any(mask, axis=1, keepdims=True)))


def build_sentence(name: str = "sentence") -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``c``.

                    C
                    |
        H=H=...=H   L
        | |     |
        W W ... W
        | |     |
        X X ... X

        X = tokens(500)
        W = embedding(16, mask=true)
        H = gru(12)
        L = learned(24)
        C = attention(H)

    Shapes, without the batch:
        input x: (None,) int32
        output c: (24,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_w = layers.Embedding(500, 16, mask_zero=True, name="embedding_w")(x)
    gru_h = layers.Bidirectional(
        layers.GRU(
            12,
            return_sequences=True,
            zero_output_for_mask=True,
            use_cudnn=False,
        ),
        name="gru_h",
    )(embedding_w)
    learned_l = LearnedSteps(1, 24, name="learned_l")(x, steps=1)[:, 0]
    c = layers.Attention(name="attention_c")(
        [layers.RepeatVector(1)(learned_l), gru_h],
        mask=[None, some_valid(mask)],
    )[:, 0]
    return keras.Model(inputs=x, outputs=c, name=name)


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``x`` to a vector ``y``.

                    Y
                    |
                    C
                    |
        G=G=...=G   L
        | |     |
        S S ... S
        | |     |
        X X ... X

        X = tokens(500, 12, mask=true)
        S = sentence
        G = gru(12)
        L = learned(24)
        C = attention(G)
        Y = dense(5, softmax)

    Shapes, without the batch:
        input x: (None, 12) int32
        output y: (5,)
    """
    x = keras.Input(shape=(None, 12), dtype="int32", name="x")
    mask = ops.any(ops.not_equal(x, 0), axis=-1)
    sentence_s = EachStep(build_sentence(name="sentence_s"))(x)
    gru_g = layers.Bidirectional(
        layers.GRU(
            12,
            return_sequences=True,
            zero_output_for_mask=True,
            use_cudnn=False,
        ),
        name="gru_g",
    )(sentence_s, mask=mask)
    learned_l = LearnedSteps(1, 24, name="learned_l")(x, steps=1)[:, 0]
    attention_c = layers.Attention(name="attention_c")(
        [layers.RepeatVector(1)(learned_l), gru_g],
        mask=[None, some_valid(mask)],
    )[:, 0]
    y = layers.Dense(5, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(inputs=x, outputs=y, name="hierarchical_attention")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
