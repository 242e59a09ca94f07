"""layers → the built-in cells: what every graph knows without bringing it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from seqdsl.layers import all_layers

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
