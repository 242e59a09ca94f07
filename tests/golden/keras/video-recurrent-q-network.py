"""Keras model video-recurrent-q-network: many-to-many aligned, stateful, variable length."""

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


def build_model(stateful: int | None = None) -> keras.Model:
    """Build a model that maps a sequence of grids ``screen`` to a sequence ``y``.

          Y Y ... Y     dense(4)
          | |     |
        *-H-H-...-H-*   lstm(8)
          | |     |
          F F ... F     flatten
          | |     |
          C C ... C     conv2d(4, 4, relu, stride=2)
          | |     |
          X X ... X     input(8, 8, 1, name=screen)

    Shapes, without the batch:
        input screen: (None, 8, 8, 1) float32
        output y: (None, 4)
        state h_state_h: (8,)
        state h_state_c: (8,)

    States follow the inputs, in this order; `zero_states` makes those before the
    first call.

    New states follow the outputs, in this order.

    With ``stateful``, the size of all batches, the layers keep their states: no states
    go in or come out, and `reset_states` begins anew.
    """
    if stateful is not None:
        return build_stateful_model(stateful)
    screen = keras.Input(shape=(None, 8, 8, 1), name="screen")
    h_state_h = keras.Input(shape=(8,), name="h_state_h")
    h_state_c = keras.Input(shape=(8,), name="h_state_c")
    conv2d_c = EachStep(
        layers.Conv2D(4, 4, strides=2, activation="relu"),
        name="conv2d_c",
    )(EachStep(layers.ZeroPadding2D(((1, 2), (1, 2))))(screen))
    flat_f = EachStep(layers.Flatten(), name="flat_f")(conv2d_c)
    lstm_h, state_h, state_c = layers.LSTM(
        8,
        return_sequences=True,
        return_state=True,
        name="lstm_h",
    )(flat_f, initial_state=[h_state_h, h_state_c])
    y = layers.Dense(4, name="dense_y")(lstm_h)
    return keras.Model(
        inputs=[screen, h_state_h, h_state_c],
        outputs=[y, state_h, state_c],
        name="video_recurrent_q_network",
    )


def build_stateful_model(batch: int) -> keras.Model:
    """Build the same model with layers that keep their states, for batches of one size."""
    screen = keras.Input(batch_shape=(batch, None, 8, 8, 1), name="screen")
    conv2d_c = EachStep(
        layers.Conv2D(4, 4, strides=2, activation="relu"),
        name="conv2d_c",
    )(EachStep(layers.ZeroPadding2D(((1, 2), (1, 2))))(screen))
    flat_f = EachStep(layers.Flatten(), name="flat_f")(conv2d_c)
    lstm_h = layers.LSTM(8, return_sequences=True, stateful=True, name="lstm_h")(flat_f)
    y = layers.Dense(4, name="dense_y")(lstm_h)
    return keras.Model(inputs=screen, outputs=y, name="video_recurrent_q_network")


def reset_states(model: keras.Model) -> None:
    """Let the next batch of a stateful model begin with states of zero."""
    for layer in model.layers:
        if isinstance(layer, layers.RNN):
            layer.reset_states()


def zero_states(batch: int) -> list[keras.KerasTensor]:
    """The states before the first call, for so many samples."""
    return [ops.zeros((batch, 8)), ops.zeros((batch, 8))]


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(
        ["y", "h_state_h", "h_state_c"],
        model.output_shape,
        strict=True,
    ):
        print(name, shape)
