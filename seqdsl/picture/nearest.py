"""a wire that misses → what it just missed, as data and as the hint how to move it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.picture.grid import GridRow
    from seqdsl.text.source import Span

_TARGETS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ+|^")
_SOURCES = _TARGETS | frozenset("abcdefghijklmnopqrstuvwxyz")
_REACH = 3


@dataclass(frozen=True, slots=True)
class OutOfPicture:
    """There is no row where the wire leads."""

    side: str

    def __str__(self) -> str:
        """The hint."""
        return f"there is no row {self.side} to connect to"


@dataclass(frozen=True, slots=True)
class AtEllipsis:
    """The wire meets an ellipsis."""

    def __str__(self) -> str:
        """The hint."""
        return "it meets an ellipsis: elided steps are connected like their neighbors, so remove the wire"


@dataclass(frozen=True, slots=True)
class Beside:
    """A node or wire is ``offset`` columns to the right of where the wire leads; negative: to the left.

    ``column`` is where it leads, counted from 0; ``side`` is ``"above"`` or ``"below"``.
    """

    column: int
    offset: int
    char: str
    side: str

    def __str__(self) -> str:
        """The hint."""
        near = self.column + 1 + self.offset
        nothing = (
            f"there is nothing to connect to in column {self.column + 1} of the row {self.side}"
        )
        return f"{nothing}; the nearest is `{self.char}` in column {near}"


@dataclass(frozen=True, slots=True)
class AtBlank:
    """Nothing is where the wire leads, or near it."""

    column: int
    side: str

    def __str__(self) -> str:
        """The hint."""
        return f"column {self.column + 1} of the row {self.side} is empty"


Miss: TypeAlias = OutOfPicture | AtEllipsis | Beside | AtBlank
"""What an end of a wire met instead of something to be joined to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEnd(Diagnostic):
    """A wire that ends, or starts, in nothing; its hint is ``miss``."""

    miss: Miss


def loose_end(code: str, message: str, span: Span, miss: Miss) -> LooseEnd:
    """Report a wire that misses."""
    return LooseEnd(code, message, span, str(miss), miss=miss)


def idle_junction(span: Span, message: str) -> Diagnostic:
    """Report a junction that lacks a wire on one of its sides."""
    hint = (
        "a junction connects a wire from below, or a final state, to the wires that leave it upward"
    )
    return Diagnostic("SEQ205", message, span, hint)


def missed(grid: Sequence[GridRow], number: int, column: int, char: str, upward: int) -> Miss:
    r"""Which node or wire the end of a wire just missed.

    Args:
        grid: the rows, bottom row first.
        number: the wire's row.
        column: the wire's column, counted from 0.
        char: the wire: ``|``, ``^``, ``/`` or ``\``.
        upward: 1 for its upper end, -1 for its lower end.

    Example:
        The upper end of ``/`` leads to column 2, one to the right of its own; the ``Y`` is one farther::

               Y       `Beside(2, 1, "Y", "above")`
             /
            X
    """
    other, side = number + upward, "above" if upward > 0 else "below"
    if not 0 <= other < len(grid):
        return OutOfPicture(side)
    # `/` leads one column to the right upward, and one to the left downward; `\` the other way round.
    slant = {"/": 1, "\\": -1}.get(char, 0)
    target = column + slant * upward
    cells = grid[other].cells
    if cells[max(0, target) : target + 1] == ".":
        return AtEllipsis()
    # The nearest first; of two equally near ones that on the left.
    places = sorted(
        range(max(0, target - _REACH), min(len(cells), target + _REACH + 1)),
        key=lambda at: abs(at - target),
    )
    # A wire may begin at a delayed node, and none ends there.
    met = _TARGETS if upward > 0 else _SOURCES
    for place in places:
        if cells[place] in met and place != target:
            return Beside(target, place - target, cells[place], side)
    if "." in cells[max(0, target - 1) : target + 2]:
        return AtEllipsis()
    return AtBlank(target, side)
