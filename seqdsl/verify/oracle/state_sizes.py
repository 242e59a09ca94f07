"""recurrent block → how wide each of its states is: a cell's equations may make them of different widths.

It is told by the weights: `h = dense(o * tanh(c), features=3)` is as wide as the columns of its matrix.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from seqdsl.syntax.ast import Word
from seqdsl.syntax.equations import FunctionCall, Infix, Negative
from seqdsl.verify.oracle.cells import STATES
from seqdsl.verify.oracle.equations import carried, weight_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.syntax.equations import CellDefinition, Expression
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk


def state_sizes(walk: Walk, index: int) -> tuple[int, ...]:
    """How many numbers each state of a recurrent block has in one direction, that of its value first."""
    count = prod(walk.grid_read(index))
    return tuple(size * count for size in _sizes(walk, index))


def _sizes(walk: Walk, index: int) -> tuple[int, ...]:
    """The features of each state, of an image at each place of it."""
    units = walk.size(index, "filters" if walk.kind(index) == "convlstm" else "units")
    declared = walk.drawing.cells.get(walk.kind(index))
    if declared is None:
        wide = units
        if walk.argument(index, "projection") is not None:
            # lstm(64, projection=32): h of 32 features, c of 64.
            wide = walk.size(index, "projection")
        return (wide, *[units] * (STATES[walk.kind(index)] - 1))
    prefix = "forward/" if any(name.startswith("forward/") for name in walk.weights[index]) else ""
    weights = {name.removeprefix(prefix): item for name, item in walk.weights[index].items()}
    return tuple(_Sizes(declared, weights).of(name, units) for name in carried(declared))


class _Sizes:
    """The widths of a cell's names, as far as its matrices tell them."""

    def __init__(self, cell: CellDefinition, weights: Mapping[str, Array]) -> None:
        self.weights, self.names = weights, dict(weight_names(cell))
        self.known: dict[str, int] = {}
        # What is assigned below may be read above: as many rounds as there are lines are enough.
        for _ in cell.equations:
            for line in cell.equations:
                size = self.size(line.value)
                if size is not None:
                    for word in line.names:
                        self.known.setdefault(word.value, size // len(line.names))

    def of(self, name: str, units: int) -> int:
        return self.known.get(name, units)

    def size(self, item: Expression) -> int | None:
        if isinstance(item, Word):
            return self.known.get(item.value)
        if isinstance(item, Negative):
            return self.size(item.value)
        if isinstance(item, Infix):
            return _wider(self.size(item.left), self.size(item.right))
        return self._called(item) if isinstance(item, FunctionCall) else None

    def _called(self, item: FunctionCall) -> int | None:
        if item.function in ("dense", "conv2d"):
            return int(self.weights[self.names[id(item)][0]].shape[-1])
        sizes = [self.size(given.value) for given in item.arguments if given.keyword is None]
        if item.function == "concat":
            # Beside others a number is one feature; a name may not be known yet.
            return None if None in sizes else sum(filter(None, sizes))
        if item.function in ("split", "dropout"):
            # What else they take are numbers.
            return sizes[0]
        found = None
        for size in sizes:
            found = _wider(found, size)
        return found


def _wider(one: int | None, other: int | None) -> int | None:
    # One feature is spread over whatever it meets.
    sizes = [size for size in (one, other) if size not in (None, 1)]
    return sizes[0] if sizes else None
