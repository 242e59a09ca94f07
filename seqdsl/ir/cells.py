"""layers → the built-in cells: what every graph knows without bringing it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from seqdsl.layers import CellKind, all_layers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell


@cache
def built_in() -> dict[str, Cell]:
    """The cells of recurrent layers by name."""
    return {item.name: item.cell for item in all_layers().values() if item.cell is not None}


def with_built_in(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The built-in cells and those that a graph brings."""
    return {**built_in(), **cells}


def kind_of(name: str, cells: Mapping[str, Cell]) -> str:
    """The kind of a layer of a name: that of a cell that a graph brings knows the equations."""
    return CellKind(cells[name]) if name in cells and name not in built_in() else name
