"""Keras model video-own-frames: one-to-many, residual, feedback."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="video_own_frames")
class ConvlstmHLoop(layers.Layer):
    """A loop: each step of ``convlstm_h``, ``conv2d_c`` and ``y`` reads what steps before it gave."""

    def __init__(
        self,
        convlstm_h_layer: layers.Layer,
        conv2d_c_layer: layers.Layer,
        **options: object,
    ) -> None:
        super().__init__(**options)
        self.convlstm_h_layer = convlstm_h_layer
        self.conv2d_c_layer = conv2d_c_layer
        # Masks are inputs like any others.
        self.supports_masking = True

    def build(self, input_shape: object) -> None:
        # Not within the loop, which could make no weights.
        if not self.convlstm_h_layer.built:
            self.convlstm_h_layer.build((None, None, 6, 6, 1))
        if not self.conv2d_c_layer.built:
            self.conv2d_c_layer.build((None, 6, 6, 4))
        super().build(input_shape)

    def call(self, frame: keras.KerasTensor) -> keras.KerasTensor:
        def step(carry: tuple, _: None) -> tuple[tuple, tuple]:
            y, convlstm_h_state = carry
            convlstm_h, convlstm_h_state = self.convlstm_h_layer.cell(
                y,
                convlstm_h_state,
            )
            conv2d_c = self.conv2d_c_layer(convlstm_h)
            y = y + conv2d_c
            carry = (y, convlstm_h_state)
            # On TensorFlow a step gives what it carries on, and nothing else.
            return carry, carry

        _, (y, _) = ops.scan(
            step,
            (
                frame,
                [
                    ops.zeros((ops.shape(frame)[0], 6, 6, 4), self.compute_dtype),
                    ops.zeros((ops.shape(frame)[0], 6, 6, 4), self.compute_dtype),
                ],
            ),
            length=4,
        )
        return ops.swapaxes(y, 0, 1)

    def compute_output_spec(self, frame: keras.KerasTensor) -> keras.KerasTensor:
        return keras.KerasTensor((frame.shape[0], 4, 6, 6, 1), dtype=self.compute_dtype)

    def compute_mask(self, inputs: object, previous_mask: object = None) -> None:
        return None

    def get_config(self) -> dict[str, object]:
        config = super().get_config()
        for name in ("convlstm_h_layer", "conv2d_c_layer"):
            config[name] = keras.saving.serialize_keras_object(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict) -> "ConvlstmHLoop":
        for name in ("convlstm_h_layer", "conv2d_c_layer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)


def build_model() -> keras.Model:
    r"""Build a model that maps a grid ``frame`` to a sequence of grids ``y``.

        Y   Y   Y   Y     add
        |\  |\  |\  |\
        | C | C | C | C   conv2d(1, 3, tanh)
        | | | | | | | |
        | H-|-H-|-H-|-H   convlstm(4, 3)
        |/  |/  |/  |/
        S   y   y   y

        S = input(6, 6, 1, name=frame)

    Shapes, without the batch:
        input frame: (6, 6, 1) float32
        output y: (4, 6, 6, 1)
    """
    frame = keras.Input(shape=(6, 6, 1), name="frame")
    y = ConvlstmHLoop(
        convlstm_h_layer=layers.ConvLSTM2D(4, 3, padding="same", name="convlstm_h"),
        conv2d_c_layer=layers.Conv2D(
            1,
            3,
            padding="same",
            activation="tanh",
            name="conv2d_c",
        ),
        name="convlstm_h_loop",
    )(frame)
    return keras.Model(inputs=frame, outputs=y, name="video_own_frames")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
