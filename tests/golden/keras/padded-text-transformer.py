"""Keras model padded-text-transformer: many-to-one, masked."""

import keras
from keras import layers, ops


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


def build_encoder_block(
    width: int = 8,
    heads: int = 2,
    inner: int = 16,
    name: str = "encoder_block",
) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``n``.

        N   N   ... N
        |   |       |
        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        |/  |/      |/
        M   M   ... M
        |   |       |
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        |/  |/      |/
        X   X   ... X

        X = input(width)
        T = attention(X, heads=heads)
        A = add
        M = layernorm
        H = dense(inner, relu)
        F = dense(width)
        B = add
        N = layernorm
        width = 8
        heads = 2
        inner = 16

    Shapes, without the batch:
        input x: (None, width) float32
        input mask: (None,) bool, true at valid steps of x
        output n: (None, width)
    """
    x = keras.Input(shape=(None, width), name="x")
    mask = keras.Input(shape=(None,), dtype="bool", name="mask")
    attention_t = layers.MultiHeadAttention(
        heads,
        key_dim=width // heads,
        name="attention_t",
    )(x, x, attention_mask=some_valid(mask)[:, None])
    attention_t = ops.where(mask[..., None], attention_t, 0.0)
    add_a = layers.Add()([x, attention_t])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    layernorm_m = ops.where(mask[..., None], layernorm_m, 0.0)
    dense_h = layers.Dense(inner, activation="relu", name="dense_h")(layernorm_m)
    dense_h = ops.where(mask[..., None], dense_h, 0.0)
    dense_f = layers.Dense(width, name="dense_f")(dense_h)
    dense_f = ops.where(mask[..., None], dense_f, 0.0)
    add_b = layers.Add()([layernorm_m, dense_f])
    n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_b)
    n = ops.where(mask[..., None], n, 0.0)
    return keras.Model(inputs=[x, mask], outputs=n, name=name)


def build_model(n: int = 5) -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a vector ``y``.

              Y
              |
              H
              |
              P
              |
        +---+-+-------+
        |   |         |
        S   S   ..n.. S
        |   |         |
        R   R   ..n.. R
        |   |         |
        E   E   ..n.. E
        |\  |\        |\
        | C | C ..n.. | C
        |   |         |
        W   W   ..n.. W
        |   |         |
        X   X   ..n.. X

        X = tokens(60)
        W = embedding(6, mask=true)
        C = position(6)
        E = add
        R = encoder_block(width=6, inner=10)
        S = encoder_block(width=6, inner=10)
        P = mean
        H = dense(7, relu)
        Y = dense(2, softmax)
        n = 5

    Shapes, without the batch:
        input x: (n,) int32
        output y: (2,)
    """
    x = keras.Input(shape=(n,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_w = layers.Embedding(60, 6, name="embedding_w")(x)
    embedding_w = ops.where(mask[..., None], embedding_w, 0.0)
    position_c = LearnedSteps(n, 6, name="position_c")(x, steps=n)
    add_e = layers.Add()([embedding_w, position_c])
    add_e = ops.where(mask[..., None], add_e, 0.0)
    encoder_block_r = build_encoder_block(
        width=6,
        inner=10,
        name="encoder_block_r",
    )([add_e, mask])
    encoder_block_s = build_encoder_block(
        width=6,
        inner=10,
        name="encoder_block_s",
    )([encoder_block_r, mask])
    mean_p = layers.GlobalAveragePooling1D()(encoder_block_s, mask=some_valid(mask))
    dense_h = layers.Dense(7, activation="relu", name="dense_h")(mean_p)
    y = layers.Dense(2, activation="softmax", name="dense_y")(dense_h)
    return keras.Model(inputs=x, outputs=y, name="padded_text_transformer")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
