"""Keras model forecast-sampled: many-to-many padded, feedback, variable length."""

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


@keras.saving.register_keras_serializable(package="forecast_sampled")
class LstmHLoop(layers.Layer):
    """A loop: each step of ``lstm_h``, ``dense_s``, ``dense_m`` and ``z`` reads what steps before it gave."""

    def __init__(
        self,
        lstm_h_layer: layers.Layer,
        dense_s_layer: layers.Layer,
        dense_m_layer: layers.Layer,
        drawn_z_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.lstm_h_layer = lstm_h_layer
        self.dense_s_layer = dense_s_layer
        self.dense_m_layer = dense_m_layer
        self.drawn_z_layer = drawn_z_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.lstm_h_layer.built:
            self.lstm_h_layer.build((None, None, 1))
        if not self.dense_s_layer.built:
            self.dense_s_layer.build((None, 16))
        if not self.dense_m_layer.built:
            self.dense_m_layer.build((None, 16))
        if not self.drawn_z_layer.built:
            self.drawn_z_layer.build((None, 2))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        start, lstm_h_h, lstm_h_c = inputs
        noise = self.drawn_z_layer.noise((4, ops.shape(start)[0], 1))

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            z, lstm_h_state = carry
            (noise_now,) = now
            lstm_h, lstm_h_state = self.lstm_h_layer.cell(z, lstm_h_state)
            dense_s = self.dense_s_layer(lstm_h)
            dense_m = self.dense_m_layer(lstm_h)
            z = self.drawn_z_layer(
                ops.concatenate([dense_m, dense_s], axis=-1),
                noise_now,
            )
            carry = (z, lstm_h_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (z, _) = ops.scan(step, (start, [lstm_h_h, lstm_h_c]), (noise,))
        return ops.swapaxes(z, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], 4, 1), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("lstm_h_layer", "dense_s_layer", "dense_m_layer", "drawn_z_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
            # It may be applied elsewhere, too: by this number Keras loads one layer.
            config[name]["shared_object_id"] = id(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "LstmHLoop":
        for name in ("lstm_h_layer", "dense_s_layer", "dense_m_layer", "drawn_z_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``history`` to a sequence ``z``.

                          Z   Z   Z   Z     sample(normal)
                          |\  |\  |\  |\
                          M | M | M | M |   dense(1)
                          | S | S | S | S   dense(1, softplus)
                          |/  |/  |/  |/
        H---H---...---H---H---H---H---H     lstm(16)
        |   |         |   |   |   |   |
        |   |         |   |   z   z   z
        |   |         |   |
        X   X   ...   X   X                 input(1, name=history)

    Shapes, without the batch:
        input history: (None, 1) float32
        output z: (4, 1)
    """
    history = keras.Input(shape=(None, 1), name="history")
    cropped = layers.Cropping1D((0, 1))(history)
    lstm_h_layer = layers.LSTM(16, return_state=True, name="lstm_h")
    _, *lstm_h_known_state = lstm_h_layer(cropped)
    z = LstmHLoop(
        lstm_h_layer=lstm_h_layer,
        dense_s_layer=layers.Dense(1, activation="softplus", name="dense_s"),
        dense_m_layer=layers.Dense(1, name="dense_m"),
        drawn_z_layer=SampleNormal(name="drawn_z"),
        name="lstm_h_loop",
    )([history[:, -1], lstm_h_known_state[0], lstm_h_known_state[1]])
    return keras.Model(inputs=history, outputs=z, name="forecast_sampled")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("z", model.output_shape)
