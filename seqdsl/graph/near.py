"""a wire that misses → what it just missed: the sentence that tells how to move it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.graph.grid import GridRow

_TARGETS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ+|^")
_REACH = 3
_ELIDED = (
    "it meets an ellipsis: elided steps are wired like their neighbours, so leave the wire out"
)


def missed(grid: Sequence[GridRow], number: int, column: int, char: str, upward: int) -> str:
    r"""Say which node or wire the end of a wire just missed.

    Args:
        grid: the rows, bottom row first.
        number: the wire's row.
        column: the wire's column, counted from 0.
        char: the wire: ``|``, ``^``, ``/`` or ``\``.
        upward: 1 for its upper end, -1 for its lower end.
    """
    other = number + upward
    if not 0 <= other < len(grid):
        return (
            "there is no row "
            + ("above" if upward > 0 else "below")
            + ", so nothing can be joined there"
        )
    slant = {"/": 1, "\\": -1}.get(char, 0)
    target = column + slant * upward
    cells = grid[other].cells
    if cells[max(0, target) : target + 1] == ".":
        return _ELIDED
    places = sorted(
        range(max(0, target - _REACH), min(len(cells), target + _REACH + 1)),
        key=lambda at: abs(at - target),
    )
    for place in places:
        if cells[place] in _TARGETS and place != target:
            side = "right" if place > target else "left"
            count = abs(place - target)
            steps = "one column" if count == 1 else f"{count} columns"
            where = "above" if upward > 0 else "below"
            found = f"the `{cells[place]}` in the row {where} is {steps} to the {side}"
            return f"it should meet column {target + 1}; {found}"
    if any(char == "." for char in cells[max(0, target - 1) : target + 2]):
        return _ELIDED
    return f"column {target + 1} of the row {'above' if upward > 0 else 'below'} is empty"
