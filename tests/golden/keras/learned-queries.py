"""Keras model learned-queries: encoder-decoder, attention, variable length."""

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
    """Build a model that maps a sequence ``x`` to a sequence ``b``.

                      B   B   B
                      |   |   |
                      C   C   C
                     /|  /|  /|
        +-+-----+---+-|-+-|-+ |
        | |     |     |   |   |
        X X ... X     Q   Q   Q

        X = input(6)
        Q = learned(8, name=queries)
        C = attention(heads=2)
        B = dense(4, sigmoid)

    Shapes, without the batch:
        input x: (None, 6) float32
        output b: (3, 4)
    """
    x = keras.Input(shape=(None, 6), name="x")
    queries = LearnedSteps(3, 8, name="queries")(x, steps=3)
    attention_c = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_c",
    )(queries, x)
    b = layers.Dense(4, activation="sigmoid", name="dense_b")(attention_c)
    return keras.Model(inputs=x, outputs=b, name="learned_queries")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("b", model.output_shape)
