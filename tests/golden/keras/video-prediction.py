"""Keras model video-prediction: many-to-many aligned, stacked 2, feedback, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="seqdsl")
class EachStep(layers.Wrapper):
    """Apply a layer to every step: all steps of all samples are one batch for it.

    In a graph for any number of steps, `layers.TimeDistributed` of Keras 3.14 and 3.15
    gives as many steps as there are samples.
    """

    def __init__(self, layer: layers.Layer, **options) -> None:
        super().__init__(layer, **options)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        super().build((None, *input_shape[2:]))

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        steps = ops.shape(x)[1]
        y = self.layer(ops.reshape(x, (-1, *x.shape[2:])))
        return ops.reshape(y, (-1, steps, *y.shape[1:]))

    def compute_mask(self, inputs: keras.KerasTensor, mask: object = None) -> None:
        # A mask is given where it is read.
        return None

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        given = self.layer.compute_output_shape((None, *input_shape[2:]))
        return (*input_shape[:2], *given[1:])


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids to a sequence of grids.

        Y Y ... Y   conv2d(1, 3, sigmoid)
        | |     |
        H-H-...-H   convlstm(3, 3)
        | |     |
        G-G-...-G   convlstm(4, 3)
        | |     |
        Z Z ... Z   input(6, 6, 1, feedback=Y, name=frames)

    Shapes, without the batch:
        input frames: (None, 6, 6, 1) float32
        output y: (None, 6, 6, 1)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 6, 6, 1), name="frames"),
            layers.ConvLSTM2D(
                4,
                3,
                padding="same",
                return_sequences=True,
                name="convlstm_g",
            ),
            layers.ConvLSTM2D(
                3,
                3,
                padding="same",
                return_sequences=True,
                name="convlstm_h",
            ),
            EachStep(
                layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
                name="conv2d_y",
            ),
        ],
        name="video_prediction",
    )


def decode(
    model: keras.Model,
    frames: keras.KerasTensor,
    convlstm_g_state: list[keras.KerasTensor],
    convlstm_h_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor], list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    convlstm_g, convlstm_g_state = model.get_layer("convlstm_g").cell(
        frames[:, 0],
        convlstm_g_state,
    )
    convlstm_h, convlstm_h_state = model.get_layer("convlstm_h").cell(
        convlstm_g,
        convlstm_h_state,
    )
    y = model.get_layer("conv2d_y")(convlstm_h[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(
        ops.stop_gradient,
        (y, convlstm_g_state, convlstm_h_state),
    )


def generate(
    model: keras.Model,
    *,
    start: keras.KerasTensor,
    steps: int,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``frames``.

    Args:
        model: what `build_model` made, trained.
        start: the first grids, (batch, steps, height, width, channels), of one step
            without that axis.
        steps: how many steps to generate.

    Returns:
        Values, (batch, steps, height, width, channels), without those given.
    """
    if steps < 1:
        raise ValueError(f"steps should be at least 1, it is {steps}")
    prompt = ops.convert_to_tensor(start, dtype=keras.config.floatx())
    prompt = prompt[:, None] if len(prompt.shape) == 4 else prompt
    if prompt.shape[1] < 1:
        raise ValueError("start should have at least one step")
    convlstm_g_state = model.get_layer("convlstm_g").get_initial_state(prompt.shape[0])
    convlstm_h_state = model.get_layer("convlstm_h").get_initial_state(prompt.shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        frames = prompt[:, step : step + 1]
        y, convlstm_g_state, convlstm_h_state = decode(
            model,
            frames,
            convlstm_g_state,
            convlstm_h_state,
        )
    frames = prompt[:, -1:]
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, convlstm_g_state, convlstm_h_state = decode(
            model,
            frames,
            convlstm_g_state,
            convlstm_h_state,
        )
        frames = y[:, -1:]
        generated.append(frames)
    return ops.concatenate(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
