"""cell, sizes → the features of what goes from step to step: each is as wide as what its equation assigns.

::

    i, f, g, o = split(dense(x, h, features=4 * units), 4)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)                       c: units
    h = dense(sigmoid(o) * tanh(c), features=size, bias=false)      h: size, and what `dense(x, h)` reads of it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.expressions import (
    Binary,
    Concat,
    Dense,
    Extreme,
    Given,
    Name,
    Number,
    Parts,
    Zoneout,
    children,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.cells.expressions import CellExpression

_ONE = Size.of(1)


def carried_widths(cell: Cell, units: Size, sizes: Mapping[str, Size]) -> dict[str, Size]:
    """The features of what a cell carries, in its order; whether all of its equations fit is found out elsewhere.

    Args:
        cell: the cell.
        units: the features of what no equation says more of.
        sizes: the sizes among the cell's parameters.
    """
    found: dict[str, Size] = {}
    # An equation may read a state whose own comes below it: each round tells one more of them, if any.
    for _ in cell.carried:
        before = len(found)
        for equation in cell.equations:
            width = _assigned(equation.value, found, sizes)
            if width is not None:
                for name in equation.names:
                    found.setdefault(name, width)
        if len(found) == before:
            break
    return {name: found.get(name, units) for name in cell.carried}


def _assigned(
    value: CellExpression | Parts, found: Mapping[str, Size], sizes: Mapping[str, Size]
) -> Size | None:
    if not isinstance(value, Parts):
        return _width(value, found, sizes)
    whole = _width(value.operand, found, sizes)
    return None if whole is None else whole // value.count


def _width(
    value: CellExpression, found: Mapping[str, Size], sizes: Mapping[str, Size]
) -> Size | None:
    """The features of a value as far as they are known; what `x` has says nothing about a state."""
    # h = 0.9 * h + 0.1 * x    is as wide as the units say, and reads an `x` of as many features
    match value:
        case Dense():
            return value.features.subs(sizes)
        case Name():
            return found.get(value.name)
        case Number() | Given():
            return None
        case Binary() | Extreme() | Zoneout():
            return _widest(_width(item, found, sizes) for item in children(value))
        case Concat():
            return _beside(value, found, sizes)
    return _width(value.operand, found, sizes)


def _beside(value: Concat, found: Mapping[str, Size], sizes: Mapping[str, Size]) -> Size | None:
    parts = [_part(item, found, sizes) for item in value.operands]
    known = [width for width in parts if width is not None]
    return sum(known, Size.of(0)) if len(known) == len(parts) else None


def _widest(widths: Iterable[Size | None]) -> Size | None:
    # f * h, of an f of one feature: it is spread over h, which nothing is known of yet
    return next((width for width in widths if width not in (None, _ONE)), None)


def _part(
    value: CellExpression, found: Mapping[str, Size], sizes: Mapping[str, Size]
) -> Size | None:
    """The features of a value beside others, where a number is one."""
    return _ONE if isinstance(value, Number | Given) else _width(value, found, sizes)
