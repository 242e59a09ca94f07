"""cell → lines of text: its equations as papers write them, with the names of their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import Dense, Normalize, Parts, Scale
from seqdsl.cells.text import header_text, setting_text, settings_text, value_text
from seqdsl.ir.text.sizes import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.cells.cell import Cell, CellExpression


def cell_lines(cell: Cell) -> Iterator[str]:
    """The lines of a cell, from ``cell NAME(...) {`` to ``}``."""
    yield f"{header_text(cell)} {{"
    for equation in cell.equations:
        yield f"  {', '.join(equation.names)} = {value_text(equation.value, _rest)}"
    yield "}"


def _rest(value: CellExpression | Parts) -> Iterator[str]:
    """What a function takes besides values."""
    yield from settings_text(value)
    if isinstance(value, Dense) and value.kernel is not None:
        yield f"kernel={size_text(value.kernel)}"
    if isinstance(value, Dense):
        yield f"features={size_text(value.features)}"
        yield f"bias={setting_text(value.bias)}"
    if isinstance(value, Dense | Scale | Normalize):
        yield f"weights=[{', '.join(value.weights)}]"
