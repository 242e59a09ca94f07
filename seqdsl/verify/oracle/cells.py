"""what a step reads + state → state: the recurrent cells, one step, as their papers and Keras have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from seqdsl.verify.oracle.functions import Array

State = tuple[Array, ...]
"""What a cell carries: h, and in an LSTM c; h is its value."""

Function = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Cell:
    """The weights and activations of one direction; the last axis of a weight is its gates side by side.

    Attributes:
        lost: what is multiplied of a state, of which training may lose a part.
        projection: what an LSTM's output is multiplied by, without a bias; ``None``: nothing.
    """

    kernel: Array
    recurrent: Array
    bias: Array
    activation: Function
    gate: Function
    lost: Function = lambda h: h
    projection: Array | None = None


def lstm(cell: Cell, x: Array, state: State) -> State:
    """Hochreiter and Schmidhuber 1997, with forget gates; the gates are i, f, c, o."""
    h, c = state
    # c = f c + i tanh(Wx + Uh + b), h = o tanh(c). PyTorch has the same order of gates, and two biases that add up.
    parts = np.split(x @ cell.kernel + cell.lost(h) @ cell.recurrent + cell.bias, 4, -1)
    i, f, o = (cell.gate(parts[place]) for place in (0, 1, 3))
    c = f * c + i * cell.activation(parts[2])
    h = o * cell.activation(c)
    # Sak et al. 2014: the output is projected, also for the next step; the memory c is not.
    return h if cell.projection is None else h @ cell.projection, c


def gru(cell: Cell, x: Array, state: State) -> State:
    """Cho et al. 2014 as cuDNN has it, the reset gate after the matrix; the gates are z, r, h."""
    (h,) = state
    # h = z h + (1 - z) tanh(Wx + b + r (Uh + b')): Keras's `reset_after=True`, and the only one that PyTorch has, which
    # orders the gates r, z, n. The two biases do not add up, as r scales b'.
    from_input = np.split(x @ cell.kernel + cell.bias[..., :1, :], 3, -1)
    from_state = np.split(cell.lost(h) @ cell.recurrent + cell.bias[..., 1:, :], 3, -1)
    z, r = (cell.gate(from_input[place] + from_state[place]) for place in (0, 1))
    return (z * h + (1 - z) * cell.activation(from_input[2] + r * from_state[2]),)


def rnn(cell: Cell, x: Array, state: State) -> State:
    """Elman 1990."""
    (h,) = state
    return (cell.activation(x @ cell.kernel + cell.lost(h) @ cell.recurrent + cell.bias),)


STEPS: dict[str, Callable[[Cell, Array, State], State]] = {"lstm": lstm, "gru": gru, "rnn": rnn}
# A convolutional LSTM's step needs to know height and width: it is in `images`.
STATES = {"lstm": 2, "gru": 1, "rnn": 1, "convlstm": 2}
