"""Keras model sine-positions: many-to-many aligned, residual, attention, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class SinePositions(layers.Layer):
    """Sine in even, cosine in odd features of each step's number (Vaswani et al. 2017).

    As many samples as the input has, and as many steps, unless these are given.
    """

    def __init__(self, features: int, **options) -> None:
        super().__init__(**options)
        self.features = features

    def call(self, x: keras.KerasTensor, steps: int | None = None) -> keras.KerasTensor:
        batch, *_ = ops.shape(x)
        steps = ops.shape(x)[1] if steps is None else steps
        # Half precision has no large numbers of steps.
        dtype = keras.backend.result_type(self.compute_dtype, "float32")
        exponents = range(0, self.features, 2)
        rates = [10000 ** -(exponent / self.features) for exponent in exponents]
        numbers = ops.cast(ops.arange(steps, dtype="int32"), dtype)
        angles = numbers[:, None] * ops.convert_to_tensor(rates, dtype=dtype)
        codes = ops.stack([ops.sin(angles), ops.cos(angles)], axis=-1)
        codes = ops.reshape(codes, (steps, -1))[:, : self.features]
        codes = ops.cast(codes, self.compute_dtype)
        return ops.broadcast_to(codes, (batch, steps, self.features))

    def compute_output_spec(
        self, x: keras.KerasTensor, steps: int | None = None
    ) -> keras.KerasTensor:
        steps = x.shape[1] if steps is None else steps
        shape = (x.shape[0], steps, self.features)
        return keras.KerasTensor(shape, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "features": self.features}


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   ... Y     dense(1)
        |   |       |
        B   B   ... B     add
        |\  |\      |\
        T | T | ... T |   attention(heads=2, causal=true)
        | | | |     | |
        +-|-+-|-----+ |
        |/  |/      |/
        A   A   ... A     add
        |\  |\      |\
        D | D | ... D |   dense(8)
        | P | P ... | P   position(8, sin)
        |   |       |
        X   X   ... X     input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (None, 1)
    """
    x = keras.Input(shape=(None, 3), name="x")
    position_p = SinePositions(8, name="position_p")(x)
    dense_d = layers.Dense(8, name="dense_d")(x)
    add_a = layers.Add()([dense_d, position_p])
    attention_t = layers.MultiHeadAttention(2, key_dim=4, name="attention_t")(
        add_a,
        add_a,
        use_causal_mask=True,
    )
    add_b = layers.Add()([attention_t, add_a])
    y = layers.Dense(1, name="dense_y")(add_b)
    return keras.Model(inputs=x, outputs=y, name="sine_positions")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
