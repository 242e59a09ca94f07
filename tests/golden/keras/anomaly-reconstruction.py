"""Keras model anomaly-reconstruction: encoder-decoder, state handoff, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="anomaly_reconstruction")
class DecoderLoop(layers.Layer):
    """A loop: each step of ``decoder`` and ``y`` reads what steps before it gave."""

    def __init__(
        self,
        decoder_layer: layers.Layer,
        dense_y_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.decoder_layer = decoder_layer
        self.dense_y_layer = dense_y_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 2))
        if not self.dense_y_layer.built:
            self.dense_y_layer.build((None, 6))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        x, decoder_h, decoder_c = inputs

        def step(carry: tuple, _: None) -> tuple[tuple, tuple]:
            y, decoder_state = carry
            decoder, decoder_state = self.decoder_layer.cell(y, decoder_state)
            y = self.dense_y_layer(decoder)
            carry = (y, decoder_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (y, _) = ops.scan(
            step,
            (
                ops.zeros((ops.shape(x)[0], 2), self.compute_dtype),
                [decoder_h, decoder_c],
            ),
            length=4,
        )
        return ops.swapaxes(y, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], 4, 2), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("decoder_layer", "dense_y_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "DecoderLoop":
        for name in ("decoder_layer", "dense_y_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                  Y Y Y Y   dense(2)
                  | | | |
        E-E-E-E---D-D-D-D
        | | | |   | | | |
        X X X X   y y y y

        X = input(2)
        E = lstm(6, name=encoder)
        D = lstm(6, name=decoder)

    Shapes, without the batch:
        input x: (4, 2) float32
        output y: (4, 2)
    """
    x = keras.Input(shape=(4, 2), name="x")
    _, *encoder_state = layers.LSTM(6, return_state=True, name="encoder")(x)
    y = DecoderLoop(
        decoder_layer=layers.LSTM(6, name="decoder"),
        dense_y_layer=layers.Dense(2, name="dense_y"),
        name="decoder_loop",
    )([x, encoder_state[0], encoder_state[1]])
    return keras.Model(inputs=x, outputs=y, name="anomaly_reconstruction")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
