"""Keras model video-gated-convolutions: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class ConvgruCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell convgru(units):
        z, r = split(sigmoid(conv2d(x, h, kernel=3, features=2 * units)), 2)
        n = tanh(conv2d(x, r * h, kernel=3))
        h = z * h + (1 - z) * n
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.state_size = [units]
        self.output_size = units

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.places = input_shape[1:-1]
        features = input_shape[-1]
        units = self.units
        self.zr_x = self.add_weight(
            shape=(3, 3, features, 2 * units),
            initializer="glorot_uniform",
            name="zr_x",
        )
        self.zr_h = self.add_weight(
            shape=(3, 3, units, 2 * units),
            initializer="glorot_uniform",
            name="zr_h",
        )
        self.zr_bias = self.add_weight(
            shape=(2 * units,),
            initializer="zeros",
            name="zr_bias",
        )
        self.n_x = self.add_weight(
            shape=(3, 3, features, units),
            initializer="glorot_uniform",
            name="n_x",
        )
        self.n_rh = self.add_weight(
            shape=(3, 3, units, units),
            initializer="glorot_uniform",
            name="n_rh",
        )
        self.n_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="n_bias",
        )
        self.built = True

    def get_initial_state(self, batch_size: Any = None) -> list[keras.KerasTensor]:
        """Zero images, as high and as wide as what is read."""
        shapes = [(batch_size, *self.places, size) for size in self.state_size]
        return [ops.zeros(shape, dtype=self.compute_dtype) for shape in shapes]

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        kernel = ops.concatenate([self.zr_x, self.n_x], axis=-1)
        bias = ops.concatenate([self.zr_bias, self.n_bias], axis=-1)
        return conv_all(x, kernel) + bias

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        (h,) = states
        zr_x, n_x = ops.split(x, [2 * self.units], axis=-1)
        part = ops.sigmoid(zr_x + ops.conv(h, self.zr_h, padding="same"))
        z, r = ops.split(part, 2, axis=-1)
        n = ops.tanh(n_x + ops.conv(r * h, self.n_rh, padding="same"))
        h = z * h + (1 - z) * n
        return h, [h]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable()
class ImageRNN(layers.RNN):
    """Runs a cell over images, which keep their height and width."""

    def compute_output_shape(
        self, sequences_shape: tuple, initial_state_shape: Any = None
    ) -> Any:
        batch, steps, *places, _ = sequences_shape
        states = [(batch, *places, size) for size in self.cell.state_size]
        first = (batch, steps) if self.return_sequences else (batch,)
        output = (*first, *places, self.cell.output_size)
        return (output, *states) if self.return_state else output

    def call(
        self,
        sequences: keras.KerasTensor,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
    ) -> Any:
        # What the cell can compute before the loop over the steps.
        sequences = self.cell.ahead(sequences, training)
        return super().call(sequences, initial_state, mask, training)


def conv_all(x: Any, kernel: Any) -> Any:
    """A convolution of images, (batch, steps, height, width, features)."""
    batch, steps, *places, features = ops.shape(x)
    folded = ops.conv(ops.reshape(x, (-1, *places, features)), kernel, padding="same")
    return ops.reshape(folded, (batch, steps, *places, kernel.shape[-1]))


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``features`` to a vector ``y``.

        cell convgru(units):
            z, r = split(sigmoid(conv2d(x, h, kernel=3, features=2 * units)), 2)
            n = tanh(conv2d(x, r * h, kernel=3))
            h = z * h + (1 - z) * n

                Y   dense(4, softmax)
                |
                M   mean(grid)
                |
        H H H H H   convgru(4)
        | | | | |
        X X X X X   input(5, 6, 2, name=features)

    Shapes, without the batch:
        input features: (5, 5, 6, 2) float32
        output y: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 5, 6, 2), name="features"),
            ImageRNN(ConvgruCell(4), name="convgru_h"),
            layers.GlobalAveragePooling2D(name="pooled_m"),
            layers.Dense(4, activation="softmax", name="dense_y"),
        ],
        name="video_gated_convolutions",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
