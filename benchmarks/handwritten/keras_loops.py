"""sizes → Keras models by hand: cells of one's own, decoders that read what they gave one step before."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops


class Mgu(layers.Layer):
    """A minimal gated unit (Zhou et al. 2016), of which the input's part is computed for all steps at once."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = self.state_size = self.output_size = units

    def build(self, shape: Any) -> None:
        size = (self.units, self.units)
        self.forget = self.add_weight(shape=size, initializer="orthogonal", name="forget")
        self.candidate = self.add_weight(shape=size, initializer="orthogonal", name="candidate")

    def call(self, read: Any, states: Any, training: bool = False) -> Any:
        (h,) = states
        gate, value = ops.split(read, 2, axis=-1)
        f = ops.sigmoid(gate + ops.matmul(h, self.forget))
        h = (1 - f) * h + f * ops.tanh(value + ops.matmul(f * h, self.candidate))
        return h, [h]


def gated_cell(n: int, units: int, width: int) -> keras.Model:
    rows = [layers.Dense(2 * units), layers.RNN(Mgu(units)), layers.Dense(10)]
    return keras.Sequential([keras.Input((n, width)), *rows])


class NormalizedLSTM(layers.Layer):
    """An LSTM with layer normalization (Ba et al. 2016)."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = self.output_size = units
        self.state_size = [units, units]
        # As PyTorch's: the frameworks differ.
        self.gates_norm = layers.LayerNormalization(epsilon=1e-5)
        self.state_norm = layers.LayerNormalization(epsilon=1e-5)

    def build(self, shape: Any) -> None:
        size = (self.units, 4 * self.units)
        self.recurrent = self.add_weight(shape=size, initializer="orthogonal", name="recurrent")
        self.gates_norm.build((None, 4 * self.units))
        self.state_norm.build((None, self.units))

    def call(self, read: Any, states: Any, training: bool = False) -> Any:
        h, c = states
        gates = self.gates_norm(read + ops.matmul(h, self.recurrent))
        i, f, g, o = ops.split(gates, 4, axis=-1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.sigmoid(o) * ops.tanh(self.state_norm(c))
        return h, [h, c]


def normalized_cell(n: int, units: int, width: int) -> keras.Model:
    rows = [layers.Dense(4 * units), layers.RNN(NormalizedLSTM(units)), layers.Dense(10)]
    return keras.Sequential([keras.Input((n, width)), *rows])


class FedBack(layers.Layer):
    """A recurrent layer and a dense one: each step reads what the dense one gave one step before."""

    def __init__(self, cell: layers.Layer, head: layers.Dense, steps: int) -> None:
        super().__init__()
        self.cell, self.head, self.steps = cell, head, steps

    def build(self, shapes: Any) -> None:
        for layer, width in ((self.cell, shapes[0][-1]), (self.head, self.cell.units)):
            if not layer.built:
                layer.build((None, width))

    def call(self, inputs: Any) -> Any:
        start, *state = inputs

        def step(carry: Any, _: Any) -> Any:
            read, state = carry
            given, state = self.cell(read, state)
            carry = (self.head(given), list(state))
            return carry, carry

        _, (found, _) = ops.scan(step, (start, state), None, length=self.steps)
        return ops.swapaxes(found, 0, 1)

    def compute_output_spec(self, inputs: Any) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], self.steps, self.head.units))


def own_steps(n: int, m: int, units: int, width: int) -> keras.Model:
    x, start = keras.Input((n, width)), keras.Input((width,))
    _, state = layers.GRU(units, return_state=True)(x)
    found = FedBack(layers.GRUCell(units), layers.Dense(width), m)([start, state])
    return keras.Model([x, start], found)


class Asking(layers.Layer):
    """A decoder whose state asks the memory at each step; the keys are projected once."""

    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units
        self.query = layers.Dense(units, use_bias=False)
        self.key = layers.Dense(units, use_bias=False)
        self.cell = layers.GRUCell(units)

    def build(self, shapes: Any) -> None:
        self.score = self.add_weight(shape=(self.units,), name="score")
        self.query.build((None, self.units))
        self.key.build((None, None, self.units))
        self.cell.build((None, self.units + shapes[2][-1]))

    def call(self, inputs: Any) -> Any:
        memory, state, z = inputs
        keys = self.key(memory)

        def step(h: Any, read: Any) -> Any:
            pairs = ops.tanh(self.query(h)[:, None] + keys)
            weights = ops.softmax(ops.sum(self.score * pairs, axis=-1))
            context = ops.matmul(weights[:, None], memory)[:, 0]
            h, _ = self.cell(ops.concatenate([context, read], axis=-1), [h])
            return h, h

        _, found = ops.scan(step, state, ops.swapaxes(z, 0, 1))
        return ops.swapaxes(found, 0, 1)

    def compute_output_spec(self, inputs: Any) -> keras.KerasTensor:
        return keras.KerasTensor((inputs[0].shape[0], inputs[2].shape[1], self.units))


def attention_asked(n: int, m: int, units: int, width: int) -> keras.Model:
    x, z = keras.Input((n, width)), keras.Input((m, width))
    memory, state = layers.GRU(units, return_sequences=True, return_state=True)(x)
    found = Asking(units)([memory, state, z])
    return keras.Model([x, z], layers.Dense(10)(found))


def warm_up(n: int, m: int, units: int) -> keras.Model:
    x = keras.Input((n, 1))
    lstm, head = layers.LSTM(units, return_sequences=True, return_state=True), layers.Dense(1)
    steps, *state = lstm(x)
    first = head(steps[:, -1])
    others = FedBack(lstm.cell, head, m - 1)([first, *state])
    return keras.Model(x, ops.concatenate([first[:, None], others], axis=1))
