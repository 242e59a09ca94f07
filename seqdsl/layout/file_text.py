"""pictures → text of a file: one of them with the cells of its file, behind those that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.declare import declare
from seqdsl.cells.text import cell_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.syntax.ast import Picture, Row


def file_text(picture: Picture, called: Sequence[Picture]) -> str:
    """A picture as the last of a file of its own, behind those that it calls and the cells of its file."""
    cells = [cell_text(cell) for item in picture.cells if (cell := declare(item)[0]) is not None]
    return "\n".join([*cells, *map(_text, called), _text(picture)])


def _text(picture: Picture) -> str:
    """A picture, its definitions and its parameters."""
    width = max(len(row.cells.rstrip()) for row in picture.rows)
    drawn = [_line(row, width) for row in picture.rows]
    defined = [f"{item.letter} = {item.call}" for item in picture.definitions]
    parameters = [f"{item.name} = {item.value}" for item in picture.parameters]
    return "\n".join([f"model {picture.name}", "", *drawn, "", *defined, *parameters, ""])


def _line(row: Row, width: int) -> str:
    cells = row.cells.rstrip()
    return f"{cells:<{width}}   {row.call}" if row.call is not None else cells
