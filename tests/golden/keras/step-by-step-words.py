"""Keras model step-by-step-words: one-to-one, feedback, stateful."""

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


def build_model() -> keras.Model:
    """Build a model that maps a vector ``z`` to a token ``c``.

            C       sample(0.7)
            |
            Y       dense(9)
            |
        *---D---*   lstm(4)
           /|
          W |       embedding(3)
          | |
          c Z       input(2)

    Shapes, without the batch:
        input z: (2,) float32
        output c: ()
        state d_state_h: (4,)
        state d_state_c: (4,)
        state c_state: () int32

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.
    """
    z = keras.Input(shape=(2,), name="z")
    d_state_h = keras.Input(shape=(4,), name="d_state_h")
    d_state_c = keras.Input(shape=(4,), name="d_state_c")
    c_state = keras.Input(shape=(), dtype="int32", name="c_state")
    embedding_w = layers.Embedding(9, 3, name="embedding_w")(c_state)
    repeated = layers.RepeatVector(1)(embedding_w)
    repeated_2 = layers.RepeatVector(1)(z)
    joined = layers.Concatenate()([repeated, repeated_2])
    lstm_d, state_h, state_c = layers.LSTM(4, return_state=True, name="lstm_d")(
        joined,
        initial_state=[d_state_h, d_state_c],
    )
    dense_y = layers.Dense(9, name="dense_y")(lstm_d)
    c = SampleIds(0.7, name="ids_c")(dense_y)
    return keras.Model(
        inputs=[z, d_state_h, d_state_c, c_state],
        outputs=[c, state_h, state_c, c],
        name="step_by_step_words",
    )


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [
        ops.zeros((batch, 4)),
        ops.zeros((batch, 4)),
        ops.zeros((batch,), dtype="int32"),
    ]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["c", "d_state_h", "d_state_c", "c_state"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
