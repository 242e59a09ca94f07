"""layers → the built-in cells: what every graph knows without bringing it."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from seqdsl.layers import all_layers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.ir.nodes import GraphData

_NO_MODELS: Mapping[str, GraphData] = MappingProxyType({})


@cache
def built_in() -> dict[str, Cell]:
    """The cells of recurrent layers by name."""
    return {item.name: item.cell for item in all_layers().values() if item.cell is not None}


def with_built_in(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The built-in cells and those that a graph brings."""
    return {**built_in(), **cells}


def kind_of(
    name: str, cells: Mapping[str, Cell], models: Mapping[str, GraphData] = _NO_MODELS
) -> str:
    """The kind of a layer of a name: that of a cell, or a model, that a graph brings knows its parameters."""
    if name in models:
        from seqdsl.layers._called import ModelKind

        parameters = tuple((item.name, item.default) for item in models[name].parameters)
        return ModelKind(name, parameters)
    # `lstm` is everybody's; `mgu` is what this graph says it is.
    if name not in cells or name in built_in():
        return name
    from seqdsl.layers._declared import CellKind

    return CellKind(cells[name])
