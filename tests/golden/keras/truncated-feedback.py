"""Keras model truncated-feedback: many-to-many aligned, feedback, stateful, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="truncated_feedback")
class RnnHLoop(layers.Layer):
    """A loop: each step of ``rnn_h`` and ``y`` reads what steps before it gave."""

    def __init__(
        self,
        rnn_h_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.rnn_h_layer = rnn_h_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.rnn_h_layer.built:
            self.rnn_h_layer.build((None, None, 5))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 10))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> list[keras.KerasTensor]:
        y_state, h_state, x = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            y, rnn_h_state = carry
            (x_now,) = now
            rnn_h, rnn_h_state = self.rnn_h_layer.cell(
                ops.concatenate([y, x_now], axis=-1),
                rnn_h_state,
            )
            y = self.dense_y_layer(rnn_h)
            carry = (y, rnn_h_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        (_, rnn_h_state), (y, _) = ops.scan(
            step,
            (y_state, [h_state]),
            (ops.swapaxes(x, 0, 1),),
        )
        return [ops.swapaxes(y, 0, 1), *rnn_h_state]

    def compute_output_spec(
        self,
        inputs: list[keras.KerasTensor],
    ) -> list[keras.KerasTensor]:
        return [
            keras.KerasTensor(
                (inputs[0].shape[0], inputs[2].shape[1], 2),
                dtype=self.compute_dtype,
            ),
            keras.KerasTensor((inputs[0].shape[0], 10), dtype=self.compute_dtype),
        ]

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("rnn_h_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "RnnHLoop":
        for name in ("rnn_h_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

          Y   Y ...   Y     dense(2)
          |   |       |
        *-H---H-...---H-*   rnn(10)
         /|  /|      /|
        y X y X ... y X

        X = input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (None, 2)
        state h_state: (10,)
        state y_state: (2,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.
    """
    x = keras.Input(shape=(None, 3), name="x")
    h_state = keras.Input(shape=(10,), name="h_state")
    y_state = keras.Input(shape=(2,), name="y_state")
    y, rnn_h_h = RnnHLoop(
        rnn_h_layer=layers.SimpleRNN(10, return_state=True, name="rnn_h"),
        dense_y_layer=layers.Dense(2, name="dense_y"),
        name="rnn_h_loop",
    )([y_state, h_state, x])
    return keras.Model(
        inputs=[x, h_state, y_state],
        outputs=[y, rnn_h_h, y[:, -1]],
        name="truncated_feedback",
    )


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 10)), ops.zeros((batch, 2))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "h_state", "y_state"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
