"""cell of a file → its layer's record: weights, states and rule follow from the equations.

A built-in layer is found by its name; one that a file declares is known in this file only. Its kind is its name, too,
and knows the equations, so that what asks for a layer's record by its kind need not know of files.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from seqdsl.cells.cell import READ, Dense, Name, Scale, walk
from seqdsl.cells.widths import fitting_widths, weight_shapes
from seqdsl.layers._cell import rule_of
from seqdsl.layers._definition import Family, LayerDef, OwnKind
from seqdsl.layers._grids import SAME
from seqdsl.layers._parts import (
    IN,
    OUT,
    RUN,
    Argument,
    Kind,
    Look,
    Role,
    Setting,
    Signature,
    Weight,
    Words,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.cells.cell import Cell, CellExpression, CellParameter

UNITS = "units"


class CellKind(OwnKind):
    """The kind of a layer that runs a cell of a file: the cell's name, and the cell.

    Attributes:
        cell: the cell.
    """

    cell: Cell

    def __new__(cls, cell: Cell) -> CellKind:
        """The kind of a cell."""
        kind = super().__new__(cls, cell.name)
        kind.cell = cell
        return kind

    def __getnewargs__(self) -> tuple[Cell]:  # type: ignore[override]
        """What it is made of again in another process."""
        return (self.cell,)

    @property
    def definition(self) -> LayerDef:
        """The layer's record."""
        return cell_layer(self.cell)


class DeclaredLayer(LayerDef):
    """A layer that runs a cell of a file; widths are those of the equations."""

    @property
    def is_declared(self) -> bool:
        """Whether a file declares it."""
        return True

    def shapes(
        self, width: Size, units: Size, arguments: Mapping[str, object]
    ) -> dict[str, tuple[Size, ...]]:
        """The shapes of the weights of one direction by name, for input and output features and arguments."""
        assert self.cell is not None
        shapes = weight_shapes(self.cell, width, {UNITS: units, **arguments})
        return {item.name: shapes[item.name] for item in self.held(arguments)}


_KEPT = 256


@lru_cache(maxsize=_KEPT)
def cell_layer(cell: Cell) -> LayerDef:
    """The record of the layer that runs a cell."""
    # What is a size has to be given by each layer, in the order of the cell; what has a default, by its name.
    units, *others = (_argument(item, cell) for item in cell.parameters)
    # cell mgu(units, size, rate=0.1): mgu(32, 8, rate=0.2)
    positional = (units, *(item for item in others if item.default is None))
    keywords = tuple(item for item in others if item.default is not None)
    sizes = ", ".join(["32", *("8" for _ in positional[1:])])
    return DeclaredLayer(
        cell.name,
        Family.SCAN,
        Signature(positional, len(positional), keywords, f"{cell.name}({sizes})"),
        RUN,
        output=UNITS,
        weights=tuple(_weights(cell)),
        settings=(Setting("merge_mode", "concat", needs="bidirectional"),),
        cell=cell,
        states=cell.carried,
        grid=SAME if cell.takes_images else None,
        evaluate=rule_of(cell),
        look=Look.RECURRENT,
        words=Words(
            summary="a cell of this file",
            noun=f"the cell `{cell.name}`",
            weights=_parts(cell),
        ),
    )


def _argument(item: CellParameter, cell: Cell) -> Argument:
    if item.default is None:
        return Argument(item.name, Kind.SIZE)
    if isinstance(item.default, bool):
        return Argument(item.name, Kind.BOOL, item.default)
    if isinstance(item.default, str):
        return Argument(item.name, Kind.ACTIVATION, item.default)
    # What says how many features are lost is a rate.
    kind = Kind.RATE if item.name in cell.rates() else Kind.NUMBER
    return Argument(item.name, kind, item.default)


def _weights(cell: Cell) -> Iterator[Weight]:
    """The weights in the order of the equations; their shapes are those where `x` is no wider than it must be."""
    # Over `IN` and the cell's own sizes; what a layer holds its widths say, see `DeclaredLayer.shapes`.
    found = fitting_widths(cell, str(IN)).weights
    shapes = {
        name: tuple(side.subs({UNITS: OUT}) for side in shape) for name, shape in found.items()
    }
    for item in cell.weighted():
        if isinstance(item, Scale):
            yield Weight(item.weights[0], Role.SCALE, shapes[item.weights[0]])
        elif not isinstance(item, Dense):
            for name, role in zip(item.weights, (Role.SCALE, Role.SHIFT), strict=True):
                yield Weight(name, role, shapes[name])
        else:
            yield from _matrices(item, shapes)


def _matrices(item: Dense, shapes: Mapping[str, tuple[Size, ...]]) -> Iterator[Weight]:
    for operand, name in zip(item.operands, item.weights, strict=False):
        role = Role.KERNEL if _is_read(operand) else Role.RECURRENT_KERNEL
        yield Weight(name, role, shapes[name])
    if item.bias is not False:
        needs = item.bias if isinstance(item.bias, str) else ""
        name = item.weights[-1]
        # A bias that is off by default has a shape as well: as wide as what the matrices give.
        yield Weight(name, Role.BIAS, shapes.get(name, shapes[item.weights[0]][-1:]), needs)


def _is_read(operand: CellExpression) -> bool:
    """Whether `x` is all that an expression reads."""
    # In dense(x, f * h) the matrix of x is a kernel, that of f * h a recurrent one: they are drawn differently.
    names = {part.name for part in walk(operand) if isinstance(part, Name)}
    return names <= {READ}


def _parts(cell: Cell) -> str:
    """What its parameters are, in words."""
    # "those of its 2 `dense`", "those of its 1 `dense` and 2 `scale` or `layernorm`"
    windows = [item.kernel is not None for item in cell.denses()]
    others = sum(1 for _ in cell.weighted()) - len(windows)
    counted = {"conv2d": windows.count(True), "dense": windows.count(False)}
    parts = [f"{count} `{name}`" for name, count in counted.items() if count]
    if others:
        parts.append(f"{others} `scale` or `layernorm`")
    return f"those of its {' and '.join(parts)}" if parts else "none"
