"""Keras model next-character: many-to-one, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class SampleIds(layers.Layer):
    """Draw an id at each step, from logits or probabilities, at a temperature."""

    def __init__(
        self, temperature: float = 1.0, probabilities: bool = False, **options
    ) -> None:
        super().__init__(**options)
        if temperature <= 0:
            raise ValueError(f"temperature should be above 0, it is {temperature}")
        self.temperature, self.probabilities = temperature, probabilities
        self.seed_generator = keras.random.SeedGenerator()
        self.supports_masking = True

    def noise(self, shape: tuple[int, ...]) -> keras.KerasTensor:
        """Gumbel numbers; in a loop they are drawn for all steps at once."""
        dtype, seed = self.compute_dtype, self.seed_generator
        return -ops.log(keras.random.gamma(shape, 1.0, dtype=dtype, seed=seed))

    def call(
        self, x: keras.KerasTensor, noise: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        logits = ops.log(x) if self.probabilities else x
        noise = self.noise(ops.shape(x)) if noise is None else noise
        # The largest sum is at each id with the id's probability (Gumbel 1954).
        return ops.argmax(logits / self.temperature + noise, axis=-1)

    def compute_output_spec(
        self, x: keras.KerasTensor, noise: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        return keras.KerasTensor(x.shape[:-1], dtype="int32")

    def get_config(self) -> dict[str, object]:
        how = {"temperature": self.temperature, "probabilities": self.probabilities}
        return {**super().get_config(), **how}


def build_model(temperature: float = 0.8) -> keras.Model:
    """Build a model that maps a sequence ``characters`` to a token ``c``.

                C   sample(temperature)
                |
                Y   dense(26, softmax)
                |
        H-H-...-H   gru(24)
        | |     |
        W W ... W   embedding(12)
        | |     |
        X X ... X   tokens(26, name=characters)

        temperature = 0.8

    Shapes, without the batch:
        input characters: (None,) int32
        output c: ()
    """
    characters = keras.Input(shape=(None,), dtype="int32", name="characters")
    embedding_w = layers.Embedding(26, 12, name="embedding_w")(characters)
    gru_h = layers.GRU(24, name="gru_h")(embedding_w)
    dense_y = layers.Dense(26, activation="softmax", name="dense_y")(gru_h)
    c = SampleIds(temperature, probabilities=True, name="ids_c")(dense_y)
    return keras.Model(inputs=characters, outputs=c, name="next_character")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("c", model.output_shape)
