"""Keras model sentence-autoencoder-variational: encoder-decoder."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class SampleNormal(layers.Layer):
    """Draw values, given their means and standard deviations side by side."""

    def __init__(self, **options) -> None:
        super().__init__(**options)
        self.seed_generator = keras.random.SeedGenerator()
        self.supports_masking = True

    def noise(self, shape: tuple[int, ...]) -> keras.KerasTensor:
        """Normal numbers; in a loop they are drawn for all steps at once."""
        dtype, seed = self.compute_dtype, self.seed_generator
        return keras.random.normal(shape, dtype=dtype, seed=seed)

    def call(
        self, x: keras.KerasTensor, noise: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        mean, deviation = ops.split(x, 2, axis=-1)
        noise = self.noise(ops.shape(mean)) if noise is None else noise
        # Gradients pass to both (Kingma and Welling 2014).
        return mean + deviation * noise

    def compute_output_spec(
        self, x: keras.KerasTensor, noise: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        *shape, features = x.shape
        return keras.KerasTensor((*shape, features // 2), dtype=self.compute_dtype)

    def get_config(self) -> dict[str, object]:
        # Keras would forget the name, by which a loop or `generate` finds it.
        return super().get_config() | {"name": self.name}


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

                Y Y Y Y   dense(50, softmax)
                | | | |
                D-D-D-D   gru(24, name=decoder)
                | | | |
                +-+-+-+
                |
                Z         sample(normal)
                |\
                M |       dense(4, name=mean)
                | S       dense(4, softplus, name=deviation)
                |/
        E-E-E-E-E         gru(24, name=encoder)
        | | | | |
        W W W W W         embedding(16)
        | | | | |
        X X X X X         tokens(50)

    Shapes, without the batch:
        input x: (5,) int32
        output y: (4, 50)
    """
    x = keras.Input(shape=(5,), dtype="int32", name="x")
    embedding_w = layers.Embedding(50, 16, name="embedding_w")(x)
    encoder = layers.GRU(24, name="encoder")(embedding_w)
    deviation = layers.Dense(4, activation="softplus", name="deviation")(encoder)
    mean = layers.Dense(4, name="mean")(encoder)
    joined = layers.Concatenate()([mean, deviation])
    drawn_z = SampleNormal(name="drawn_z")(joined)
    repeated = layers.RepeatVector(4)(drawn_z)
    decoder = layers.GRU(24, return_sequences=True, name="decoder")(repeated)
    y = layers.Dense(50, activation="softmax", name="dense_y")(decoder)
    return keras.Model(inputs=x, outputs=y, name="sentence_autoencoder_variational")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
