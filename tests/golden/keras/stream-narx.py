"""Keras model stream-narx: many-to-many aligned, convolutional, feedback, stateful, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="stream_narx")
class JoinedPLoop(layers.Layer):
    """A loop: each step of ``joined_p``, ``conv_e``, ``gru_h`` and ``y`` reads what steps before it gave."""

    def __init__(
        self,
        conv_e_layer: layers.Layer,
        gru_h_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.conv_e_layer = conv_e_layer
        self.gru_h_layer = gru_h_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.conv_e_layer.built:
            self.conv_e_layer.build((None, None, 1))
        if not self.gru_h_layer.built:
            self.gru_h_layer.build((None, None, 8))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 12))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> list[keras.KerasTensor]:
        y_state, e_state, h_state, conv_f = inputs
        window = ops.concatenate(
            [ops.zeros((ops.shape(y_state)[0], 1, 1), self.compute_dtype), e_state],
            axis=1,
        )

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            y, window, gru_h_state = carry
            (conv_f_now,) = now
            joined_p = y
            window = ops.concatenate([window[:, 1:], joined_p[:, None]], axis=1)
            conv_e = self.conv_e_layer(window)
            gru_h, gru_h_state = self.gru_h_layer.cell(
                ops.concatenate([conv_e[:, 0], conv_f_now], axis=-1),
                gru_h_state,
            )
            y = self.dense_y_layer(gru_h)
            carry = (y, window, gru_h_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        (_, window, gru_h_state), (y, _, _) = ops.scan(
            step,
            (y_state, window, [h_state]),
            (ops.swapaxes(conv_f, 0, 1),),
        )
        return [ops.swapaxes(y, 0, 1), *gru_h_state, window[:, 1:]]

    def compute_output_spec(
        self,
        inputs: list[keras.KerasTensor],
    ) -> list[keras.KerasTensor]:
        return [
            keras.KerasTensor(
                (inputs[0].shape[0], inputs[3].shape[1], 1),
                dtype=self.compute_dtype,
            ),
            keras.KerasTensor((inputs[0].shape[0], 12), dtype=self.compute_dtype),
            keras.KerasTensor((inputs[0].shape[0], 2, 1), dtype=self.compute_dtype),
        ]

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("conv_e_layer", "gru_h_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "JoinedPLoop":
        for name in ("conv_e_layer", "gru_h_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``control`` to a sequence ``y``.

          Y   Y ...   Y     dense(1)
          |   |       |
        *-H---H-...---H-*   gru(12)
         /|  /|      /|
        E | E | ... E |     conv(4, 3, tanh, padding=causal)
        | | | |     | |
        | F | F ... | F     conv(4, 2, tanh, padding=causal)
        | | | |     | |
        P | P | ... P |     concat
        | | | |     | |
        y X y X ... y X

        X = input(2, name=control)

    Shapes, without the batch:
        input control: (None, 2) float32
        output y: (None, 1)
        state e_state: (2, 1)
        state f_state: (1, 2)
        state h_state: (12,)
        state y_state: (1,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.
    """
    control = keras.Input(shape=(None, 2), name="control")
    e_state = keras.Input(shape=(2, 1), name="e_state")
    f_state = keras.Input(shape=(1, 2), name="f_state")
    h_state = keras.Input(shape=(12,), name="h_state")
    y_state = keras.Input(shape=(1,), name="y_state")
    conv_f_steps = layers.Concatenate(axis=1)([f_state, control])
    conv_f = layers.Conv1D(4, 2, activation="tanh", name="conv_f")(conv_f_steps)
    y, gru_h_h, conv_e_window = JoinedPLoop(
        conv_e_layer=layers.Conv1D(4, 3, activation="tanh", name="conv_e"),
        gru_h_layer=layers.GRU(12, return_state=True, name="gru_h"),
        dense_y_layer=layers.Dense(1, name="dense_y"),
        name="joined_p_loop",
    )([y_state, e_state, h_state, conv_f])
    return keras.Model(
        inputs=[control, e_state, f_state, h_state, y_state],
        outputs=[y, conv_e_window, conv_f_steps[:, -1:], gru_h_h, y[:, -1]],
        name="stream_narx",
    )


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [
        ops.zeros((batch, 2, 1)),
        ops.zeros((batch, 1, 2)),
        ops.zeros((batch, 12)),
        ops.zeros((batch, 1)),
    ]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "e_state", "f_state", "h_state", "y_state"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
