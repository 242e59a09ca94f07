"""Keras model forecast-deepar-covariates: encoder-decoder, state handoff, feedback."""

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


@keras.saving.register_keras_serializable(package="forecast_deepar_covariates")
class DecoderLoop(layers.Layer):
    """A loop: each step of ``decoder``, ``dense_s``, ``dense_m`` and ``z`` reads what steps before it gave."""

    def __init__(
        self,
        decoder_layer: layers.Layer,
        dense_s_layer: layers.Layer,
        dense_m_layer: layers.Layer,
        drawn_z_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.decoder_layer = decoder_layer
        self.dense_s_layer = dense_s_layer
        self.dense_m_layer = dense_m_layer
        self.drawn_z_layer = drawn_z_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 4))
        if not self.dense_s_layer.built:
            self.dense_s_layer.build((None, 7))
        if not self.dense_m_layer.built:
            self.dense_m_layer.build((None, 7))
        if not self.drawn_z_layer.built:
            self.drawn_z_layer.build((None, 2))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        last_value, decoder_h, decoder_c, calendar = inputs
        noise = self.drawn_z_layer.noise(
            (ops.shape(calendar)[1], ops.shape(last_value)[0], 1),
        )

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            z, decoder_state = carry
            calendar_now, noise_now = now
            decoder, decoder_state = self.decoder_layer.cell(
                ops.concatenate([z, calendar_now], axis=-1),
                decoder_state,
            )
            dense_s = self.dense_s_layer(decoder)
            dense_m = self.dense_m_layer(decoder)
            z = self.drawn_z_layer(
                ops.concatenate([dense_m, dense_s], axis=-1),
                noise_now,
            )
            carry = (z, decoder_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (z, _) = ops.scan(
            step,
            (last_value, [decoder_h, decoder_c]),
            (ops.swapaxes(calendar, 0, 1), noise),
        )
        return ops.swapaxes(z, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor(
            (inputs[0].shape[0], inputs[3].shape[1], 1),
            dtype=self.compute_dtype,
        )

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in (
            "decoder_layer",
            "dense_s_layer",
            "dense_m_layer",
            "drawn_z_layer",
        ):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "DecoderLoop":
        for name in (
            "decoder_layer",
            "dense_s_layer",
            "dense_m_layer",
            "drawn_z_layer",
        ):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences and a vector to a sequence.

                    Z     Z     Z     sample(normal)
                    |\    |\    |\
                    M |   M |   M |   dense(1)
                    | S   | S   | S   dense(1, softplus)
                    |/    |/    |/
        E-E-E-E-----D-----D-----D
        | | | |    /|    /|    /|
        | | | |   A |   z |   z |
        | | | |     |     |     |
        V V V V     X     X     X

        V = input(4, name=history)
        A = input(1, name=last_value)
        X = input(3, name=calendar)
        E = lstm(7, name=encoder)
        D = lstm(7, name=decoder)

    Shapes, without the batch:
        input history: (4, 4) float32
        input last_value: (1,) float32
        input calendar: (3, 3) float32
        output z: (3, 1)
    """
    history = keras.Input(shape=(4, 4), name="history")
    last_value = keras.Input(shape=(1,), name="last_value")
    calendar = keras.Input(shape=(3, 3), name="calendar")
    _, *encoder_state = layers.LSTM(7, return_state=True, name="encoder")(history)
    z = DecoderLoop(
        decoder_layer=layers.LSTM(7, name="decoder"),
        dense_s_layer=layers.Dense(1, activation="softplus", name="dense_s"),
        dense_m_layer=layers.Dense(1, name="dense_m"),
        drawn_z_layer=SampleNormal(name="drawn_z"),
        name="decoder_loop",
    )([last_value, encoder_state[0], encoder_state[1], calendar])
    return keras.Model(
        inputs=[history, last_value, calendar],
        outputs=z,
        name="forecast_deepar_covariates",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("z", model.output_shape)
