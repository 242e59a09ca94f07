"""Keras model policy-action-before: many-to-many aligned, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="policy_action_before")
class EmbeddingWLoop(layers.Layer):
    """A loop: each step of ``embedding_w``, ``gru_h``, ``policy`` and ``a`` reads what steps before it gave."""

    def __init__(
        self,
        embedding_w_layer: layers.Layer,
        gru_h_layer: layers.Layer,
        policy_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.embedding_w_layer = embedding_w_layer
        self.gru_h_layer = gru_h_layer
        self.policy_layer = policy_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.embedding_w_layer.built:
            self.embedding_w_layer.build((None,))
        if not self.gru_h_layer.built:
            self.gru_h_layer.build((None, None, 9))
        if not self.policy_layer.built:
            self.policy_layer.build((None, 8))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> list[keras.KerasTensor]:
        observation, dense_f = inputs

        def step(carry: tuple, now: tuple) -> tuple[tuple, tuple]:
            a, gru_h_state, gru_h = carry
            (dense_f_now,) = now
            embedding_w = self.embedding_w_layer(a)
            gru_h, gru_h_state = self.gru_h_layer.cell(
                ops.concatenate([embedding_w, dense_f_now], axis=-1),
                gru_h_state,
            )
            policy = self.policy_layer(gru_h)
            a = ops.argmax(policy, axis=-1)
            carry = (a, gru_h_state, gru_h)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (a, _, gru_h) = ops.scan(
            step,
            (
                ops.zeros((ops.shape(observation)[0],), "int32"),
                [ops.zeros((ops.shape(observation)[0], 8), self.compute_dtype)],
                ops.zeros((ops.shape(observation)[0], 8), self.compute_dtype),
            ),
            (ops.swapaxes(dense_f, 0, 1),),
        )
        return [ops.swapaxes(gru_h, 0, 1), ops.swapaxes(a, 0, 1)]

    def compute_output_spec(
        self,
        inputs: list[keras.KerasTensor],
    ) -> list[keras.KerasTensor]:
        return [
            keras.KerasTensor(
                (inputs[0].shape[0], inputs[1].shape[1], 8),
                dtype=self.compute_dtype,
            ),
            keras.KerasTensor((inputs[0].shape[0], inputs[1].shape[1]), dtype="int32"),
        ]

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("embedding_w_layer", "gru_h_layer", "policy_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "EmbeddingWLoop":
        for name in ("embedding_w_layer", "gru_h_layer", "policy_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence to 2 sequences.

          A   A   A   A     argmax
          |   |   |   |
          P   P   P   P     dense(4, name=policy)
          | V | V | V | V   dense(1, name=value)
          |/  |/  |/  |/
          H---H---H---H     gru(8)
         /|  /|  /|  /|
        W | W | W | W |     embedding(3)
        | F | F | F | F     dense(6, relu)
        | | | | | | | |
        a X a X a X a X     input(5, name=observation)

    Shapes, without the batch:
        input observation: (4, 5) float32
        output a: (4,)
        output value: (4, 1)
    """
    observation = keras.Input(shape=(4, 5), name="observation")
    dense_f = layers.Dense(6, activation="relu", name="dense_f")(observation)
    gru_h, a = EmbeddingWLoop(
        embedding_w_layer=layers.Embedding(4, 3, name="embedding_w"),
        gru_h_layer=layers.GRU(8, name="gru_h"),
        policy_layer=layers.Dense(4, name="policy"),
        name="embedding_w_loop",
    )([observation, dense_f])
    value = layers.Dense(1, name="value")(gru_h)
    return keras.Model(
        inputs=observation,
        outputs=[a, value],
        name="policy_action_before",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["a", "value"], model.output_shape, strict=True):
        print(name, shape)
