"""Keras model forecast-own-steps: many-to-many padded, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="forecast_own_steps")
class LstmDLoop(layers.Layer):
    """A loop: each step of ``lstm_d`` and ``y`` reads what steps before it gave."""

    def __init__(
        self,
        lstm_d_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.lstm_d_layer = lstm_d_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.lstm_d_layer.built:
            self.lstm_d_layer.build((None, None, 1))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 32))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        start, lstm_d_h, lstm_d_c = inputs

        def step(carry: tuple, _: None) -> tuple[tuple, tuple]:
            y, lstm_d_state = carry
            lstm_d, lstm_d_state = self.lstm_d_layer.cell(y, lstm_d_state)
            y = self.dense_y_layer(lstm_d)
            carry = (y, lstm_d_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (y, _) = ops.scan(step, (start, [lstm_d_h, lstm_d_c]), length=3)
        return ops.swapaxes(y, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], 3, 1), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("lstm_d_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
            # It may be applied elsewhere, too: by this number Keras loads one layer.
            config[name]["shared_object_id"] = id(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "LstmDLoop":
        for name in ("lstm_d_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``past`` to a sequence ``y``.

            Y Y Y
            | | |
        D-D-D-D-D
        | | | | |
        X X X y y

        X = input(1, name=past)
        D = lstm(32)
        Y = dense(1)

    Shapes, without the batch:
        input past: (3, 1) float32
        output y: (3, 1)
    """
    past = keras.Input(shape=(3, 1), name="past")
    cropped = layers.Cropping1D((0, 1))(past)
    lstm_d_layer = layers.LSTM(32, return_state=True, name="lstm_d")
    _, *lstm_d_known_state = lstm_d_layer(cropped)
    y = LstmDLoop(
        lstm_d_layer=lstm_d_layer,
        dense_y_layer=layers.Dense(1, name="dense_y"),
        name="lstm_d_loop",
    )([past[:, -1], lstm_d_known_state[0], lstm_d_known_state[1]])
    return keras.Model(inputs=past, outputs=y, name="forecast_own_steps")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
