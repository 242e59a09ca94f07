"""Keras model char-sampled: graph, feedback, variable length."""

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


@keras.saving.register_keras_serializable(package="char_sampled")
class EmbeddingWLoop(layers.Layer):
    """A loop: each step of ``embedding_w``, ``gru_h``, ``dense_y`` and ``c`` reads what steps before it gave."""

    def __init__(
        self,
        embedding_w_layer: layers.Layer,
        gru_h_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        ids_c_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.embedding_w_layer = embedding_w_layer
        self.gru_h_layer = gru_h_layer
        self.dense_y_layer = dense_y_layer
        self.ids_c_layer = ids_c_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.embedding_w_layer.built:
            self.embedding_w_layer.build((None,))
        if not self.gru_h_layer.built:
            self.gru_h_layer.build((None, None, 12))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 24))
        if not self.ids_c_layer.built:
            self.ids_c_layer.build((None, 26))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        start, gru_h_h = inputs
        noise = self.ids_c_layer.noise((4, ops.shape(start)[0], 26))

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            c, gru_h_state = carry
            (noise_now,) = now
            embedding_w = self.embedding_w_layer(c)
            gru_h, gru_h_state = self.gru_h_layer.cell(embedding_w, gru_h_state)
            dense_y = self.dense_y_layer(gru_h)
            c = self.ids_c_layer(dense_y, noise_now)
            carry = (c, gru_h_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (c, _) = ops.scan(step, (start, [gru_h_h]), (noise,))
        return ops.swapaxes(c, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], 4), dtype="int32")

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in (
            "embedding_w_layer",
            "gru_h_layer",
            "dense_y_layer",
            "ids_c_layer",
        ):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
            # It may be applied elsewhere, too: by this number Keras loads one layer.
            config[name]["shared_object_id"] = id(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "EmbeddingWLoop":
        for name in (
            "embedding_w_layer",
            "gru_h_layer",
            "dense_y_layer",
            "ids_c_layer",
        ):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model(temperature: float = 0.8) -> keras.Model:
    """Build a model that maps a sequence ``prompt`` to a sequence ``c``.

                  C C C C   sample(temperature)
                  | | | |
                  Y Y Y Y   dense(26)
                  | | | |
        H-H-...-H-H-H-H-H   gru(24)
        | |     | | | | |
        W W ... W W W W W   embedding(12)
        | |     | | | | |
        | |     | | c c c
        | |     | |
        X X ... X X         tokens(26, name=prompt)

        temperature = 0.8

    Shapes, without the batch:
        input prompt: (None,) int32
        output c: (4,)
    """
    prompt = keras.Input(shape=(None,), dtype="int32", name="prompt")
    embedding_w_layer = layers.Embedding(26, 12, name="embedding_w")
    embedding_w_known = embedding_w_layer(prompt[:, :-1])
    gru_h_layer = layers.GRU(24, return_state=True, name="gru_h")
    _, *gru_h_known_state = gru_h_layer(embedding_w_known)
    c = EmbeddingWLoop(
        embedding_w_layer=embedding_w_layer,
        gru_h_layer=gru_h_layer,
        dense_y_layer=layers.Dense(26, name="dense_y"),
        ids_c_layer=SampleIds(temperature, name="ids_c"),
        name="embedding_w_loop",
    )([prompt[:, -1], gru_h_known_state[0]])
    return keras.Model(inputs=prompt, outputs=c, name="char_sampled")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("c", model.output_shape)
