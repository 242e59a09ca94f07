"""Keras model stream-positions: many-to-many aligned, stateful, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class SinePositions(layers.Layer):
    """Sine in even, cosine in odd features of each step's number (Vaswani et al. 2017).

    As many samples as the input has, and as many steps, unless these are given.
    With ``first``, the number of each sample's first step, it also gives that of the
    next call.
    """

    def __init__(self, features: int, **options) -> None:
        super().__init__(**options)
        self.features = features

    def call(
        self,
        x: keras.KerasTensor,
        steps: int | None = None,
        first: keras.KerasTensor | None = None,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        batch, *_ = ops.shape(x)
        steps = ops.shape(x)[1] if steps is None else steps
        # Half precision has no large numbers of steps.
        dtype = keras.backend.result_type(self.compute_dtype, "float32")
        exponents = range(0, self.features, 2)
        rates = [10000 ** -(exponent / self.features) for exponent in exponents]
        numbers = ops.arange(steps, dtype="int32")[None]
        numbers = numbers if first is None else first[:, None] + numbers
        numbers = ops.cast(numbers, dtype)[..., None]
        angles = numbers * ops.convert_to_tensor(rates, dtype=dtype)
        codes = ops.stack([ops.sin(angles), ops.cos(angles)], axis=-1)
        codes = ops.reshape(codes, (-1, steps, 2 * len(rates)))[..., : self.features]
        codes = ops.broadcast_to(
            ops.cast(codes, self.compute_dtype), (batch, steps, self.features)
        )
        return codes if first is None else (codes, first + steps)

    def compute_output_spec(
        self,
        x: keras.KerasTensor,
        steps: int | None = None,
        first: keras.KerasTensor | None = None,
    ) -> keras.KerasTensor | tuple[keras.KerasTensor, keras.KerasTensor]:
        steps = x.shape[1] if steps is None else steps
        shape = (x.shape[0], steps, self.features)
        codes = keras.KerasTensor(shape, dtype=self.compute_dtype)
        if first is None:
            return codes
        return codes, keras.KerasTensor(first.shape, dtype=first.dtype)

    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "features": self.features}


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

          Y   ... Y     dense(1)
          |       |
        *-H---...-H-*   gru(16)
          |       |
          A   ... A     add
          |\      |\
          D | ... D |   dense(8)
          | P ... | P   position(8, sin)
          |       |
          X   ... X     input(6)

    Shapes, without the batch:
        input x: (None, 6) float32
        output y: (None, 1)
        state h_state: (16,)
        state p_state: () int32

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.
    """
    x = keras.Input(shape=(None, 6), name="x")
    h_state = keras.Input(shape=(16,), name="h_state")
    p_state = keras.Input(shape=(), dtype="int32", name="p_state")
    position_p, position_p_end = SinePositions(8, name="position_p")(x, first=p_state)
    dense_d = layers.Dense(8, name="dense_d")(x)
    add_a = layers.Add()([dense_d, position_p])
    gru_h, state_h = layers.GRU(
        16,
        return_sequences=True,
        return_state=True,
        name="gru_h",
    )(add_a, initial_state=[h_state])
    y = layers.Dense(1, name="dense_y")(gru_h)
    return keras.Model(
        inputs=[x, h_state, p_state],
        outputs=[y, state_h, position_p_end],
        name="stream_positions",
    )


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 16)), ops.zeros((batch,), dtype="int32")]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "h_state", "p_state"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
