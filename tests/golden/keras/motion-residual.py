"""Keras model motion-residual: encoder-decoder, residual, state handoff, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="motion_residual")
class DecoderLoop(layers.Layer):
    """A loop: each step of ``decoder``, ``change`` and ``y`` reads what steps before it gave."""

    def __init__(
        self,
        decoder_layer: layers.Layer,
        change_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.decoder_layer = decoder_layer
        self.change_layer = change_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.decoder_layer.built:
            self.decoder_layer.build((None, None, 4))
        if not self.change_layer.built:
            self.change_layer.build((None, 7))
        super().build(input_shape)

    def call(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        last_pose, decoder_h = inputs

        def step(carry: tuple, _: None) -> tuple[tuple, tuple]:
            y, decoder_state = carry
            decoder, decoder_state = self.decoder_layer.cell(y, decoder_state)
            change = self.change_layer(decoder)
            y = change + y
            carry = (y, decoder_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (y, _) = ops.scan(step, (last_pose, [decoder_h]), length=3)
        return ops.swapaxes(y, 0, 1)

    def compute_output_spec(self, inputs: list[keras.KerasTensor]) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], 3, 4), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("decoder_layer", "change_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "DecoderLoop":
        for name in ("decoder_layer", "change_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence and a vector to a sequence.

                Y   Y   Y     add
                |\  |\  |\
                A | A | A |
                | | | | | |
        E-E-E---D-|-D-|-D |
        | | |   | | | | | |
        | | |   |/  |/  |/
        X X X   S   y   y

        X = input(4, name=poses)
        S = input(4, name=last_pose)
        E = gru(7, name=encoder)
        D = gru(7, name=decoder)
        A = dense(4, name=change)

    Shapes, without the batch:
        input poses: (3, 4) float32
        input last_pose: (4,) float32
        output y: (3, 4)
    """
    poses = keras.Input(shape=(3, 4), name="poses")
    last_pose = keras.Input(shape=(4,), name="last_pose")
    _, *encoder_state = layers.GRU(7, return_state=True, name="encoder")(poses)
    y = DecoderLoop(
        decoder_layer=layers.GRU(7, name="decoder"),
        change_layer=layers.Dense(4, name="change"),
        name="decoder_loop",
    )([last_pose, encoder_state[0]])
    return keras.Model(inputs=[poses, last_pose], outputs=y, name="motion_residual")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
