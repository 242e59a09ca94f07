"""Keras's layers and operations, one idiom each."""

from __future__ import annotations

import keras
from keras import layers, ops

from tests.ported.catalog import KERAS


def _sequential(*parts: layers.Layer, name: str) -> keras.Model:
    return keras.Sequential(list(parts), name=name)


@KERAS.ported()
def backward_row() -> keras.Model:
    """From the last step to the first, and the order turned round again."""
    x = keras.Input((5, 3), name="x")
    y = layers.LSTM(4, go_backwards=True, return_sequences=True, name="run")(x)
    return keras.Model(x, layers.Dense(2, name="y")(ops.flip(y, axis=1)))


@KERAS.ported()
def merged_by_product() -> keras.Model:
    row = layers.GRU(3, return_sequences=True)
    return _sequential(
        keras.Input((5, 3), name="x"),
        layers.Bidirectional(row, merge_mode="mul", name="run"),
        layers.Dense(2, name="y"),
        name="merged_by_product",
    )


@KERAS.ported()
def merged_by_mean() -> keras.Model:
    return _sequential(
        keras.Input((5, 3), name="x"),
        layers.Bidirectional(layers.LSTM(3), merge_mode="ave", name="run"),
        layers.Dense(2, name="y"),
        name="merged_by_mean",
    )


@KERAS.ported()
def not_merged() -> keras.Model:
    """Both directions apart, each with its head."""
    x = keras.Input((5, 3), name="x")
    row = layers.GRU(3, return_sequences=True)
    ahead, back = layers.Bidirectional(row, merge_mode=None, name="run")(x)
    return keras.Model(x, [layers.Dense(2, name="one")(ahead), layers.Dense(2, name="two")(back)])


@KERAS.ported()
def unlike_directions() -> keras.Model:
    """The way back has another activation."""
    ahead = layers.LSTM(3, return_sequences=True)
    back = layers.LSTM(3, activation="relu", return_sequences=True, go_backwards=True)
    return _sequential(
        keras.Input((5, 3), name="x"),
        layers.Bidirectional(ahead, backward_layer=back, name="run"),
        layers.Dense(2, name="y"),
        name="unlike_directions",
    )


@KERAS.ported()
def cut_and_padded() -> keras.Model:
    """Steps are left out and added by layers."""
    return _sequential(
        keras.Input((7, 3), name="x"),
        layers.Cropping1D((1, 2)),
        layers.GRU(4, return_sequences=True, name="run"),
        layers.ZeroPadding1D((2, 0)),
        layers.Conv1D(3, 3, name="window"),
        name="cut_and_padded",
    )


@KERAS.ported()
def halved_by_pairs() -> keras.Model:
    """Two steps become one, twice: a pyramid."""
    x = frames = keras.Input((8, 3), name="frames")
    for number in range(2):
        x = layers.LSTM(4, return_sequences=True, name=f"run_{number}")(x)
        steps = x.shape[1] // 2
        x = layers.Reshape((steps, 8))(x)
    return keras.Model(frames, layers.Dense(2, name="y")(x))


@KERAS.ported()
def doubled() -> keras.Model:
    return _sequential(
        keras.Input((3, 2), name="x"),
        layers.UpSampling1D(2),
        layers.SimpleRNN(4, return_sequences=True, name="run"),
        layers.Dense(1, name="y"),
        name="doubled",
    )


@KERAS.ported()
def residual_rows() -> keras.Model:
    """Rows with sums around them, normalized."""
    x = series = keras.Input((None, 4), name="series")
    for number in range(3):
        y = layers.LSTM(4, return_sequences=True, name=f"run_{number}")(x)
        x = layers.LayerNormalization(name=f"norm_{number}")(layers.Add()([x, y]))
    return keras.Model(series, layers.Dense(1, name="y")(x))


@KERAS.ported()
def operations() -> keras.Model:
    """Joined, cut and stacked by operations alone."""
    left, right = keras.Input((3, 2), name="left"), keras.Input((2, 2), name="right")
    x = ops.concatenate([left, right], axis=1)
    x = layers.GRU(3, return_sequences=True, name="run")(x)
    first, second = ops.split(x, [3], axis=1)
    ends = ops.stack([first[:, -1], second[:, -1]], axis=1)
    return keras.Model([left, right], layers.Dense(1, name="y")(ends))


@KERAS.ported()
def every_second() -> keras.Model:
    """Every second step, taken by a slice."""
    x = keras.Input((None, 3), name="x")
    y = layers.LSTM(4, return_sequences=True, name="run")(x)[:, ::2]
    return keras.Model(x, layers.Dense(2, name="y")(y))


@KERAS.ported()
def activations() -> keras.Model:
    """Activations as layers, arguments and functions."""
    x = series = keras.Input((4, 3), name="series")
    x = layers.Dense(5, activation="swish", name="one")(x)
    x = layers.ELU()(layers.Dense(5, activation=keras.activations.selu, name="two")(x))
    x = layers.SimpleRNN(4, activation="softsign", return_sequences=True, name="run")(x)
    x = ops.softplus(layers.Dense(4, activation="mish", name="three")(x))
    return keras.Model(series, ops.tanh(layers.Dense(2, name="four")(x)))


@KERAS.ported()
def gates_of_their_own() -> keras.Model:
    """Cells with other gates, and without biases."""
    return _sequential(
        keras.Input((5, 3), name="x"),
        layers.LSTM(4, recurrent_activation="hard_sigmoid", return_sequences=True, name="one"),
        layers.GRU(4, use_bias=False, return_sequences=True, name="two"),
        layers.SimpleRNN(3, use_bias=False, name="three"),
        name="gates_of_their_own",
    )


@KERAS.ported()
def old_gru() -> keras.Model:
    return _sequential(
        keras.Input((4, 3), name="x"), layers.GRU(4, reset_after=False, name="run"), name="old_gru"
    )


class MinimalCell(layers.Layer):
    """A cell that a guide makes to show how."""

    def __init__(self, units: int, **options: object) -> None:
        super().__init__(**options)
        self.units = self.state_size = units

    def build(self, shape: tuple[int, ...]) -> None:
        self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")
        self.again = self.add_weight(shape=(self.units, self.units), name="again")

    def call(self, x: keras.KerasTensor, states: list[keras.KerasTensor]) -> object:
        y = ops.matmul(x, self.kernel) + ops.matmul(states[0], self.again)
        return y, [y]


@KERAS.ported()
def own_cell() -> keras.Model:
    return _sequential(
        keras.Input((4, 3), name="x"), layers.RNN(MinimalCell(4), name="run"), name="own_cell"
    )


@KERAS.ported()
def permuted_twice() -> keras.Model:
    """Features and steps change places, and back."""
    return _sequential(
        keras.Input((4, 3), name="x"),
        layers.Permute((2, 1)),
        layers.Permute((2, 1)),
        layers.LSTM(3, name="run"),
        name="permuted_twice",
    )
