"""layers → the built-in cells: what every graph knows without bringing it."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from seqdsl.layers import all_layers, find_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.ir.nodes import GraphData

_NO_MODELS: Mapping[str, GraphData] = MappingProxyType({})


@cache
def built_in() -> dict[str, Cell]:
    """The cells of recurrent layers by name."""
    layers = [item for item in all_layers().values() if item.cell is not None]
    found = {item.name: item.cell for item in layers if item.cell is not None}
    return found | {cell.name: cell for item in layers for _, cell in item.cells}


def with_built_in(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """The built-in cells and those that a graph brings."""
    return {**built_in(), **cells}


def cell_of(kind: str, arguments: Mapping[str, object], cells: Mapping[str, Cell]) -> Cell | None:
    """The cell that a layer runs; ``None``: it runs none.

    Args:
        kind: the layer's kind.
        arguments: its arguments, by which a built-in layer may run another cell.
        cells: all cells by name.
    """
    definition = find_layer(kind)
    if definition is None or not definition.cells:
        return cells.get(kind)
    return definition.cell_of(arguments)


def kind_of(
    name: str, cells: Mapping[str, Cell], models: Mapping[str, GraphData] = _NO_MODELS
) -> str:
    """The kind of a layer of a name: that of a cell, or a model, that a graph brings knows its parameters."""
    if name in models:
        from seqdsl.layers._called import ModelKind

        return ModelKind(name, models[name].settable)
    # `lstm` is everybody's; `mgu` is what this graph says it is.
    if name not in cells or name in built_in():
        return name
    from seqdsl.layers._declared import CellKind

    return CellKind(cells[name])
