"""other rules for some blocks: what a model computes that is wrong in one of the usual ways.

The interpreter stays as it is; a variant replaces what single blocks compute, to find out whether a hand-written
model computes that instead (see `seqdsl.verify.common_mistakes`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from seqdsl.ir.direction import Direction
from seqdsl.verify.oracle.cells import Cell, State
from seqdsl.verify.oracle.recurrent import recurrent

if TYPE_CHECKING:
    from typing import TypeAlias

    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk

    Rule: TypeAlias = Callable[[Walk, int], list[Array]]


@dataclass(frozen=True, slots=True)
class Variant:
    """What is computed otherwise.

    Attributes:
        rules: what some blocks compute, by their numbers.
        keeps_padding: whether padded steps are left as they are: a recurrent block repeats its last output there.
        ignores_padding: whether padded steps are taken for data.
    """

    rules: Mapping[int, Rule] = field(default_factory=dict)
    keeps_padding: bool = False
    ignores_padding: bool = False


def over_samples(walk: Walk, index: int) -> list[Array]:
    """A chain over the samples of a batch, as if they were the steps, for each step by itself."""
    exchanged = cast("Walk", _Exchanged(walk))
    values = _exchange(recurrent(exchanged, index))
    # Its state has one row for each step now, which fits nothing: what is read is the output at the chain's end.
    backward = walk.drawing.states.directions[index] is Direction.BACKWARD
    walk.finals[index] = values[0 if backward else -1]
    return values


def _exchange(values: list[Array]) -> list[Array]:
    """One array for each sample instead of one for each step, or back: the same exchange."""
    return list(np.swapaxes(np.stack(np.broadcast_arrays(*values)), 0, 1))


class _Exchanged:
    """A walk whose steps are samples; everything else is that of the walk itself."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self.valid: dict[int, list[Array]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._walk, name)

    def inputs(self, index: int) -> list[Array]:
        return _exchange(self._walk.inputs(index))

    def zeros(self, width: int) -> Array:
        # A chain begins with as many states as there are steps; which block it is does not matter to zero.
        return np.zeros(width)


def not_turned_back(walk: Walk, index: int) -> list[Array]:
    """The steps of a chain that runs right to left, in the order in which they are computed."""
    return recurrent(walk, index)[::-1]


def last_for_final(walk: Walk, index: int) -> list[Array]:
    """The last step where the final state is read."""
    values = recurrent(walk, index)
    walk.finals[index] = values[-1]
    return values


def final_for_last(walk: Walk, index: int) -> list[Array]:
    """The final state where the last step is read."""
    values = recurrent(walk, index)
    return [*values[:-1], walk.finals[index]]


def only_final(walk: Walk, index: int) -> list[Array]:
    """The final state, whichever single step is read: of a masked row, samples end at different steps."""
    values = recurrent(walk, index)
    return [walk.finals[index]] * len(values)


def with_cell(step: Callable[[Cell, Array, State], State]) -> Rule:
    """A chain of another cell."""
    return lambda walk, index: recurrent(walk, index, step)


def gru_reset_before(cell: Cell, x: Array, state: State) -> State:
    """Cho et al. 2014: the reset gate before the matrix."""
    (h,) = state
    from_input = np.split(x @ cell.kernel + cell.bias[..., :1, :], 3, -1)
    # h = z h + (1 - z) tanh(Wx + b + U(r h) + b'): r scales the state, not the product.
    kernels = np.split(cell.recurrent, 3, -1)
    # Without biases there is a single zero for all gates.
    bias = np.split(cell.bias[..., 1:, :] + 0 * cell.recurrent[..., :1, :], 3, -1)
    z, r = (cell.gate(from_input[place] + h @ kernels[place] + bias[place]) for place in (0, 1))
    new = cell.activation(from_input[2] + (r * h) @ kernels[2] + bias[2])
    return (z * h + (1 - z) * new,)


def gru_update_inverted(cell: Cell, x: Array, state: State) -> State:
    """The update gate is the share of the new state, as in the second version of Cho et al. 2014."""
    (h,) = state
    from_input = np.split(x @ cell.kernel + cell.bias[..., :1, :], 3, -1)
    from_state = np.split(h @ cell.recurrent + cell.bias[..., 1:, :], 3, -1)
    z, r = (cell.gate(from_input[place] + from_state[place]) for place in (0, 1))
    return ((1 - z) * h + z * cell.activation(from_input[2] + r * from_state[2]),)
