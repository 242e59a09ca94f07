"""Keras model transformer-positions: many-to-one, residual, attention, variable length."""

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


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a vector ``y``.

              Y           dense(2, softmax)
              |
              G           mean
              |
        +---+-+-----+
        |   |       |
        N   N   ... N     layernorm(epsilon=1e-06)
        |   |       |
        A   A   ... A     add
        |\  |\      |\
        T | T | ... T |   attention(heads=2)
        | | | |     | |
        +-|-+-|-----+ |
        |/  |/      |/
        E   E   ... E     add
        |\  |\      |\
        W | W | ... W |   embedding(16)
        | P | P ... | P   position(16, most=200)
        |   |       |
        X   X   ... X     tokens(1000)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (2,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    position_p = LearnedSteps(200, 16, name="position_p")(x)
    embedding_w = layers.Embedding(1000, 16, name="embedding_w")(x)
    add_e = layers.Add()([embedding_w, position_p])
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=8,
        name="attention_t",
    )(add_e, add_e)
    add_a = layers.Add()([attention_t, add_e])
    layernorm_n = layers.LayerNormalization(epsilon=1e-6, name="layernorm_n")(add_a)
    mean_g = layers.GlobalAveragePooling1D()(layernorm_n)
    y = layers.Dense(2, activation="softmax", name="dense_y")(mean_g)
    return keras.Model(inputs=x, outputs=y, name="transformer_positions")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
