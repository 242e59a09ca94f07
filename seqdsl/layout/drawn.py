"""drawn rows → how much there is to follow in them, by which the best of several ways to draw a picture is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.canvas import Cells

_CROSSING = 2
"""As hard to follow as so many more rows is one in which wires cross."""
_WIDE = 10
"""So many columns are as much to follow as a row."""


@dataclass(frozen=True)
class Drawn:
    """A row of characters, and the row of the picture that it is; ``None`` for a row of wires."""

    cells: Cells
    row: int | None = None


def cost(rows: Sequence[Drawn]) -> int:
    """How much there is to follow: rows, those in which wires cross, and columns."""
    columns = [column for drawn in rows for column in drawn.cells]
    width = max(columns) - min(columns)
    return len(rows) + _CROSSING * sum(map(_crosses, rows)) + width // _WIDE


def has_crossings(rows: Sequence[Drawn]) -> bool:
    """Whether wires cross between any rows of nodes."""
    return any(map(_crosses, rows))


def _crosses(drawn: Drawn) -> bool:
    """Whether a bus crosses a wire in a row of wires, as in `+-|-+`."""
    if drawn.row is not None:
        return False
    cells = drawn.cells
    return any(
        sign == "|" and cells.get(column - 1) == "-" and cells.get(column + 1) == "-"
        for column, sign in cells.items()
    )
