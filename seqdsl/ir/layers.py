"""kind → what a layer takes and which weights it has: what text, JSON, verifier and builder know of layers.

Layers say it in their records (`seqdsl.layers`), cells that a graph brings by their equations.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from seqdsl.ir.cells import cell_of
from seqdsl.layers import RUN, Family, Kind, OwnKind, directions, find_layer
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.ir.ends import Shape
    from seqdsl.ir.nodes import Layer
    from seqdsl.layers import LayerDef, Range
    from seqdsl.size import Size

    Weights = dict[str, Shape]


class Argument(Enum):
    """What the value of a layer's argument is."""

    SIZE = "a size"
    INTEGER = "a whole number, at least 1"
    FLAG = "true or false"
    NUMBER = "a number, or a parameter that is one"
    RATE = "a rate, at least 0 and less than 1, or a parameter that is one"
    EPSILON = "a number above 0 and at most 1, or a parameter that is one"
    TEMPERATURE = "a number above 0, or a parameter that is one"
    ACTIVATION = "an activation"
    PADDING = "same or causal"
    BORDER = "same or valid"
    CODE = "trained or sin"
    SCORE = "dot or additive"
    TABLE = "the name of an embedding as wide as what is read, with an id for each unit"

    @property
    def is_number(self) -> bool:
        """Whether it is a number that may have a fraction, or a parameter that is one."""
        return self in (
            Argument.NUMBER,
            Argument.RATE,
            Argument.EPSILON,
            Argument.TEMPERATURE,
        )

    @property
    def range(self) -> Range | None:
        """The numbers that it may be, as layers have it; ``None``: any."""
        return _KINDS[self].range if self in _KINDS else None


@record(frozen=True)
class LayerType:
    """What a layer of one kind takes.

    Attributes:
        arguments: what its author may set; not set, a layer has `None` for it.
        inferred: what is inferred of the place where it is applied; a layer has it or has it not.
        required: the arguments that have to be set.
    """

    arguments: Mapping[str, Argument]
    inferred: Mapping[str, Argument]
    required: frozenset[str] = frozenset()

    def of(self, name: str) -> Argument | None:
        """What the value of an argument is; ``None`` if there is no such argument."""
        return self.arguments.get(name) or self.inferred.get(name)


_READ_AS = {
    Kind.SIZE: Argument.SIZE,
    Kind.COUNT: Argument.INTEGER,
    Kind.BOOL: Argument.FLAG,
    Kind.RATE: Argument.RATE,
    Kind.EPSILON: Argument.EPSILON,
    Kind.TEMPERATURE: Argument.TEMPERATURE,
    Kind.ACTIVATION: Argument.ACTIVATION,
    Kind.PADDING: Argument.PADDING,
    Kind.BORDER: Argument.BORDER,
    Kind.CODE: Argument.CODE,
    Kind.SCORE: Argument.SCORE,
    Kind.TIED: Argument.TABLE,
}
"""How arguments are read; what is not here only inputs have, which are nodes without a layer."""

_KINDS = {argument: kind for kind, argument in _READ_AS.items()}

_PLACES = {kind: place for place, kind in enumerate(Kind)}


def is_end(kind: str) -> bool:
    """Whether nodes of a kind are inputs or outputs, which have no layer."""
    definition = find_layer(kind)
    return definition is not None and definition.is_end


def gives_ids(kind: str) -> bool:
    """Whether nodes of a kind hold ids of tokens."""
    definition = find_layer(kind)
    return definition is not None and definition.gives_ids


def layer_type(kind: str, cells: Mapping[str, Cell]) -> LayerType | None:
    """What a layer takes; ``None`` if there is no such layer.

    Args:
        kind: the layer's kind.
        cells: the cells that a recurrent layer may run, by name.
    """
    if isinstance(kind, OwnKind) and kind.definition.family is Family.CALL:
        return _of_model(kind.definition)
    # `str`: records are kept by name, and that of a cell of a file is known there alone.
    return _of_record(str(kind)) or (_of_cell(cells[kind]) if kind in cells else None)


@cache
def _of_record(kind: str) -> LayerType | None:
    definition = find_layer(kind)
    if definition is None or definition.is_end:
        return None
    signature = definition.signature
    # Sizes first: `conv(filters=8, kernel=3, dilation=1, activation=relu)`.
    ordered = sorted(signature.arguments, key=lambda item: _PLACES[item.kind])
    # Which row a letter names is said by what the node reads: it is in no table of what arguments are read as.
    arguments = {item.name: _READ_AS[item.kind] for item in ordered if item.kind in _READ_AS}
    others = definition.inferred
    required = {item.name for item in signature.positional[: signature.required]}
    required |= {item.name for item in others if not item.is_optional}
    # `units` replace `filters` where a picture has none.
    required -= {item.instead for item in others}
    inferred = {item.name: _READ_AS[item.kind] for item in others if item.name not in arguments}
    return LayerType(arguments, inferred, frozenset(required))


def _of_model(definition: LayerDef) -> LayerType:
    """What a model that another one calls takes: its parameters, each of which may be left out."""
    kinds = {
        item.name: _READ_AS.get(item.kind, Argument.NUMBER)
        for item in definition.signature.arguments
    }
    return LayerType(kinds, {})


def _of_cell(cell: Cell) -> LayerType:
    required = {item.name for item in cell.parameters if item.default is None}
    required |= {item.name for item in RUN if not item.is_optional}
    arguments = {item.name: _argument(item.default) for item in cell.parameters}
    # What says how many features are lost is a rate, in whichever cell.
    arguments |= dict.fromkeys(cell.rates(), Argument.RATE)
    inferred = {item.name: _READ_AS[item.kind] for item in RUN}
    return LayerType(arguments, inferred, frozenset(required))


def _argument(default: bool | float | str | None) -> Argument:
    if default is None:
        return Argument.SIZE
    if isinstance(default, bool):
        return Argument.FLAG
    return Argument.ACTIVATION if isinstance(default, str) else Argument.NUMBER


def state_widths(layer: Layer) -> tuple[Size, ...]:
    """The features of each state of a recurrent layer in one direction, its value first."""
    definition = find_layer(layer.kind)
    assert definition is not None
    return definition.state_widths(layer.arguments)


def layer_weights(layer: Layer, cells: Mapping[str, Cell]) -> Weights:
    """The shapes of a layer's weights by name; both directions of a bidirectional layer have their own.

    Raises:
        CellError: the equations of its cell do not fit together.
    """
    if cell := cell_of(layer.kind, layer.arguments, cells):
        # Most graphs have no cells: compiling is faster without this import.
        from seqdsl.cells.widths import weight_shapes

        shapes = weight_shapes(cell, layer.width, layer.arguments)
        # Each direction has weights of its own.
        ways = directions(layer.arguments)
        return {f"{way}{name}": shape for way in ways for name, shape in shapes.items()}
    definition = find_layer(layer.kind)
    if definition is None:
        return {}
    return definition.shapes(layer.width, layer.units, layer.arguments)
