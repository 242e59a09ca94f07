"""cells that people write themselves, run by ``keras.layers.RNN``."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops

from tests.ported.catalog import KERAS


class Own(layers.Layer):
    """A cell of so many units, with as many states as its class has."""

    states = 1

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.units = self.output_size = units
        self.state_size = [units] * self.states

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable("cells")
class Remembering(Own):
    """An LSTM by one dense layer of both, whose memory is normalized before it is read."""

    states = 2

    def build(self, shape: Any) -> None:
        self.gates = layers.Dense(4 * self.units)
        self.gates.build((None, shape[-1] + self.units))
        self.norm = layers.LayerNormalization(epsilon=1e-5)
        self.norm.build((None, self.units))

    def call(self, x: Any, states: Any, training: bool = False) -> Any:
        h, c = states
        i, f, g, o = ops.split(self.gates(ops.concatenate([x, h], axis=-1)), 4, axis=-1)
        c = ops.sigmoid(f + 1.0) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(self.norm(c))
        return h, [h, c]


@keras.saving.register_keras_serializable("cells")
class Gated(Own):
    """A GRU by slices of its matrices and of two biases in one, whose output is no state."""

    def build(self, shape: Any) -> None:
        width = 3 * self.units
        self.kernel = self.add_weight((shape[-1], width), name="kernel")
        self.again = self.add_weight((self.units, width), name="again")
        self.bias = self.add_weight((2, width), "glorot_uniform", name="bias")

    def call(self, x: Any, states: Any) -> Any:
        h, units = states[0], self.units
        read = ops.matmul(x, self.kernel) + self.bias[0]
        kept = ops.matmul(h, self.again) + self.bias[1]
        z = keras.activations.sigmoid(read[:, :units] + kept[:, :units])
        r = ops.sigmoid(read[:, units : 2 * units] + kept[:, units : 2 * units])
        n = ops.tanh(read[:, 2 * units :] + r * kept[:, 2 * units :])
        h = (1 - z) * n + z * h
        return keras.activations.relu(h), [h]


@keras.saving.register_keras_serializable("cells")
class Crossing(Own):
    """Each of two states is made of the other one of the step before."""

    states = 2

    def build(self, shape: Any) -> None:
        self.kernel = self.add_weight((shape[-1], self.units), name="kernel")
        self.across = self.add_weight((self.units, self.units), name="across")
        self.factor = self.add_weight((self.units,), "glorot_uniform", name="factor")

    def call(self, x: Any, states: Any) -> Any:
        one, other = states
        new = ops.tanh(ops.matmul(x, self.kernel) + ops.matmul(other, self.across))
        return new, [new, one / 2 + self.factor * other]


@keras.saving.register_keras_serializable()
class FadingCell(Own):
    """The class that is generated from its picture has the same name, and its weights in another order."""

    def build(self, shape: Any) -> None:
        self.new = self.add_weight((shape[-1], self.units), name="new")
        self.gate = self.add_weight((shape[-1], self.units), name="gate")

    def call(self, x: Any, states: Any) -> Any:
        z = ops.sigmoid(ops.matmul(x, self.gate))
        h = z * states[0] + (1 - z) * ops.tanh(ops.matmul(x, self.new))
        return h, [h]


@keras.saving.register_keras_serializable("cells")
class Noisy(Crossing):
    """It loses features in training."""

    def call(self, x: Any, states: Any, training: bool = False) -> Any:
        return super().call(keras.random.dropout(x, 0.5) if training else x, states)


@keras.saving.register_keras_serializable("cells")
class Twice(Crossing):
    """One matrix is used in two places."""

    def call(self, x: Any, states: Any) -> Any:
        one, other = (ops.matmul(item, self.across) for item in states)
        new = ops.tanh(ops.matmul(x, self.kernel) + one)
        return new + other, [new, ops.tanh(other)]


@keras.saving.register_keras_serializable("cells")
class Reversed(layers.RNN):
    """It turns its sequence around before its cell runs."""

    def call(self, sequences: Any, initial_state: Any = None, mask: Any = None) -> Any:
        return super().call(ops.flip(sequences, axis=1), initial_state, mask)


@keras.saving.register_keras_serializable("cells")
class Windows(Own):
    """Gates by convolutions of images (Ballas et al. 2016): one layer of the image, a kernel for the state."""

    def build(self, shape: Any) -> None:
        self.side = shape[1:-1]
        self.gates = layers.Conv2D(3 * self.units, 3, padding="same", name="gates")
        self.gates.build(shape)
        self.again = self.add_weight(shape=(3, 3, self.units, 2 * self.units), name="again")
        self.new = self.add_weight(shape=(3, 3, self.units, self.units), name="new")
        self.built = True

    def get_initial_state(self, batch_size: Any = None) -> Any:
        return [ops.zeros((batch_size, *self.side, self.units))]

    def call(self, x: Any, states: Any) -> Any:
        (h,) = states
        of_x, of_new = ops.split(self.gates(x), [2 * self.units], axis=-1)
        both = ops.sigmoid(of_x + ops.conv(h, self.again, padding="same"))
        reset, update = ops.split(both, 2, axis=-1)
        candidate = ops.tanh(of_new + ops.conv(reset * h, self.new, padding="same"))
        h = update * h + (1 - update) * candidate
        return h, [h]


@keras.saving.register_keras_serializable("cells")
class OverImages(layers.RNN):
    """Runs it over images."""

    def compute_output_shape(self, sequences_shape: Any, initial_state_shape: Any = None) -> Any:
        steps = sequences_shape[: 2 if self.return_sequences else 1]
        return (*steps, *sequences_shape[2:-1], self.cell.units)


def _run(layer: Any) -> keras.Model:
    x = keras.Input((5, 3), name="x")
    return keras.Model(x, layers.Dense(2, name="y")(layer(x)))


@KERAS.ported()
def cell_by_one_layer() -> keras.Model:
    return _run(layers.RNN(Remembering(4), name="run"))


@KERAS.ported()
def cell_of_the_same_class_name() -> keras.Model:
    return _run(layers.RNN(FadingCell(4), name="run"))


@KERAS.ported()
def cell_after_embedding() -> keras.Model:
    x = keras.Input((None,), dtype="int32", name="x")
    read = layers.Embedding(9, 3, mask_zero=True, name="read")(x)
    return keras.Model(x, layers.Dense(2, name="y")(layers.RNN(Gated(4), name="run")(read)))


@KERAS.ported()
def cell_both_ways() -> keras.Model:
    return _run(layers.Bidirectional(layers.RNN(Gated(4), return_sequences=True), name="run"))


@KERAS.ported()
def cell_both_ways_added() -> keras.Model:
    run = layers.RNN(Remembering(4), return_sequences=True)
    return _run(layers.Bidirectional(run, merge_mode="sum", name="run"))


@KERAS.ported()
def cell_states_handed_over() -> keras.Model:
    x, z = keras.Input((5, 3), name="x"), keras.Input((4, 3), name="z")
    _, *states = layers.RNN(Crossing(4), return_state=True, name="encoder")(x)
    run = layers.RNN(Crossing(4), return_sequences=True, name="decoder")
    return keras.Model([x, z], layers.Dense(2, name="y")(run(z, initial_state=states)))


@KERAS.ported()
def cell_of_keras() -> keras.Model:
    return _run(layers.RNN(layers.LSTMCell(4), name="run"))


@KERAS.ported()
def cell_of_windows() -> keras.Model:
    x = video = keras.Input((4, 5, 6, 2), name="video")
    x = OverImages(Windows(3), return_sequences=True, name="first")(x)
    x = OverImages(Windows(2), name="run")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(video, layers.Dense(2, name="y")(x))


@KERAS.waiting("something else in training")
def cell_with_dropout() -> keras.Model:
    return _run(layers.RNN(Noisy(4), name="run"))


@KERAS.waiting("uses a weight in two places")
def cell_with_one_matrix_twice() -> keras.Model:
    return _run(layers.RNN(Twice(4), name="run"))


@KERAS.waiting("moves something other than features")
def cell_over_a_reversed_sequence() -> keras.Model:
    return _run(Reversed(Gated(4), name="run"))


@KERAS.ported()
def cells_above_each_other() -> keras.Model:
    return _run(layers.RNN([layers.LSTMCell(4), layers.GRUCell(5)], name="run"))


@KERAS.ported()
def cells_above_each_other_backward() -> keras.Model:
    cells = [layers.SimpleRNNCell(3), layers.LSTMCell(4)]
    x = keras.Input((5, 3), name="x")
    run = layers.RNN(cells, return_sequences=True, return_state=True, go_backwards=True, name="run")
    y, h, *_ = run(x)
    return keras.Model(x, [layers.Dense(2, name="y")(y), layers.Dense(2, name="end")(h)])
