"""Keras model stream-own-tags: many-to-many aligned, feedback, stateful, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="stream_own_tags")
class EmbeddingELoop(layers.Layer):
    """A loop: each step of ``embedding_e``, ``lstm_h``, ``dense_y`` and ``t`` reads what steps before it gave."""

    def __init__(
        self,
        embedding_e_layer: layers.Layer,
        lstm_h_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.embedding_e_layer = embedding_e_layer
        self.lstm_h_layer = lstm_h_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.embedding_e_layer.built:
            self.embedding_e_layer.build((None,))
        if not self.lstm_h_layer.built:
            self.lstm_h_layer.build((None, None, 22))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 24))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> list[keras.KerasTensor]:
        t_state, h_state_h, h_state_c, embedding_w = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            t, lstm_h_state = carry
            (embedding_w_now,) = now
            embedding_e = self.embedding_e_layer(t)
            lstm_h, lstm_h_state = self.lstm_h_layer.cell(
                ops.concatenate([embedding_e, embedding_w_now], axis=-1),
                lstm_h_state,
            )
            dense_y = self.dense_y_layer(lstm_h)
            t = ops.argmax(dense_y, axis=-1)
            carry = (t, lstm_h_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        (_, lstm_h_state), (t, _) = ops.scan(
            step,
            (t_state, [h_state_h, h_state_c]),
            (ops.swapaxes(embedding_w, 0, 1),),
        )
        return [ops.swapaxes(t, 0, 1), *lstm_h_state]

    def compute_output_spec(
        self,
        inputs: list[keras.KerasTensor],
    ) -> list[keras.KerasTensor]:
        return [
            keras.KerasTensor((inputs[0].shape[0], inputs[3].shape[1]), dtype="int32"),
            keras.KerasTensor((inputs[0].shape[0], 24), dtype=self.compute_dtype),
            keras.KerasTensor((inputs[0].shape[0], 24), dtype=self.compute_dtype),
        ]

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("embedding_e_layer", "lstm_h_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "EmbeddingELoop":
        for name in ("embedding_e_layer", "lstm_h_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``t``.

          T   T ...   T     argmax
          |   |       |
          Y   Y ...   Y     dense(9)
          |   |       |
        *-H---H-...---H-*   lstm(24)
         /|  /|      /|
        E | E | ... E |     embedding(6)
        | | | |     | |
        | W | W ... | W     embedding(16)
        | | | |     | |
        t X t X ... t X

        X = tokens(200)

    Shapes, without the batch:
        input x: (None,) int32
        output t: (None,)
        state h_state_h: (24,)
        state h_state_c: (24,)
        state t_state: () int32

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    h_state_h = keras.Input(shape=(24,), name="h_state_h")
    h_state_c = keras.Input(shape=(24,), name="h_state_c")
    t_state = keras.Input(shape=(), dtype="int32", name="t_state")
    embedding_w = layers.Embedding(200, 16, name="embedding_w")(x)
    t, lstm_h_h, lstm_h_c = EmbeddingELoop(
        embedding_e_layer=layers.Embedding(9, 6, name="embedding_e"),
        lstm_h_layer=layers.LSTM(24, return_state=True, name="lstm_h"),
        dense_y_layer=layers.Dense(9, name="dense_y"),
        name="embedding_e_loop",
    )([t_state, h_state_h, h_state_c, embedding_w])
    return keras.Model(
        inputs=[x, h_state_h, h_state_c, t_state],
        outputs=[t, lstm_h_h, lstm_h_c, t[:, -1]],
        name="stream_own_tags",
    )


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [
        ops.zeros((batch, 24)),
        ops.zeros((batch, 24)),
        ops.zeros((batch,), dtype="int32"),
    ]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["t", "h_state_h", "h_state_c", "t_state"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
