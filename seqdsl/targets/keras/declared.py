"""cells of a file → classes of a Keras module, which `layers.RNN` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.cells.cell import Dense, Scale
from seqdsl.cells.schedule import products_of, schedule
from seqdsl.cells.settled import settled
from seqdsl.cells.text import equation_lines, header_text
from seqdsl.layers import Kind, layer_def
from seqdsl.size import Size
from seqdsl.syntax.names import class_name
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Code,
    Statement,
    Text,
    call,
    lines,
    named,
    tuple_of,
)
from seqdsl.targets.emit.render import macros
from seqdsl.targets.keras.cell_steps import KerasSteps

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.ir.graph import Layer
    from seqdsl.layers import LayerDef
    from seqdsl.targets.keras.emitter import KerasEmitter

_OWN = Text("self")
_INDENT = 8


class KerasCell(KerasSteps):
    """Writes the class of a cell."""

    def weights(self) -> Iterator[Statement]:
        """The statements that make the weights."""
        for item in self.cell.weighted():
            if isinstance(item, Dense):
                yield from self._matrices(item)
            elif isinstance(item, Scale):
                yield self._weight(item.weights[0], "ones")
            else:
                yield self._weight(item.weights[0], "ones")
                yield self._weight(item.weights[1], "zeros")

    def _matrices(self, item: Dense) -> Iterator[Statement]:
        for product in products_of(item):
            yield self._weight(product.weight, "glorot_uniform")
        if item.bias is not False and self.has_bias(item.bias):
            features = self.widths.weights[item.weights[0]][-1]
            yield self._weight(item.weights[-1], "zeros", (features,))

    def _weight(self, name: str, initial: str, shape: tuple[Size, ...] | None = None) -> Statement:
        shape = shape or self.widths.weights[name]
        # A size may be of several names: `2 * units`.
        given = [
            named("shape", tuple_of(*shape)),
            named("initializer", f'"{initial}"'),
            named("name", f'"{name}"'),
        ]
        return Assign((Attribute(_OWN, name),), call("self.add_weight", *given))


class Before(NamedTuple):
    """What a cell computes before the loop over the steps, as text; empty where it is nothing.

    Attributes:
        joined: joins matrices that the same state meets.
        masks: draws what is dropped.
        projected: computes what depends on the input alone.
        drawn: draws the numbers of `zoneout`.
        taken: takes these in a step from what it reads.
    """

    joined: str
    masks: str
    projected: str
    drawn: str
    taken: str

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return any(self)


def cell_call(layer: Layer, to: KerasEmitter) -> Code:
    """The call that makes the cell of a layer; its class is written when it is first asked for."""
    definition, cell = layer_def(layer.kind), class_cell(layer)
    assert cell is not None
    given = definition.given(layer.arguments)
    sizes = _of_kinds(definition, Kind.SIZE, cell=cell)
    numbers = _of_kinds(definition, Kind.RATE, Kind.NUMBER, cell=cell)
    # mgu(32) and mgu(64) are one class; with other activations, or without biases, it is another.
    fixed = _of_kinds(definition, Kind.ACTIVATION, Kind.BOOL, cell=cell)
    key: Hashable = (cell, *(given[name] for name in fixed))
    if key not in to.classes:
        name = _free_name(f"{_class_of(definition, cell)}Cell", to)
        what = "A cell of the picture" if definition.is_declared else "A cell that Keras lacks"
        to.classes[key] = name, _text_of(name, cell, given, sizes, numbers, what)
    name, _ = to.classes[key]
    if any(cell.zoneouts()):
        to.function("zoneout")
    if cell.takes_images and schedule(cell).is_ahead:
        to.function("conv_all")
    return call(name, *(given[size] for size in sizes), **{item: given[item] for item in numbers})


def _class_of(definition: LayerDef, cell: Cell) -> str:
    """The beginning of a class's name: ``Mgu``, and ``ProjectedLSTM`` as Keras has ``LSTM``."""
    name = class_name(cell.name)
    kind = definition.name
    return name if definition.is_declared else name.replace(kind.title(), kind.upper())


def class_cell(layer: Layer) -> Cell | None:
    """The cell that a class of the module is written for; ``None``: Keras has the layer."""
    definition = layer_def(layer.kind)
    cell = definition.cell_of(layer.arguments)
    if cell is None or definition.is_declared:
        return cell
    # layers.LSTM has no projection: what is built in here is nothing that Keras knows.
    return None if cell is definition.cell else settled(cell, layer.arguments)


def _of_kinds(definition: LayerDef, *kinds: Kind, cell: Cell) -> list[str]:
    """The arguments of some kinds that a cell has."""
    taken = {item.name for item in cell.parameters}
    found = (item.name for item in definition.signature.arguments if item.kind in kinds)
    return [name for name in found if name in taken]


def _free_name(base: str, to: KerasEmitter) -> str:
    """``MguCell``, or ``MguCell2`` for the second class of a cell."""
    number = sum(name.startswith(base) for name, _ in to.classes.values())
    return f"{base}{number + 1}" if number else base


def _text_of(
    name: str,
    cell: Cell,
    given: Mapping[str, object],
    sizes: list[str],
    numbers: list[str],
    what: str,
) -> str:
    """The class of a cell; its documentation says ``what`` it is."""
    writer = KerasCell(cell, given)
    weights = _lines(writer.weights())
    # In this order: what is computed before the loop tells what a step reads.
    before = _before(writer)
    step = _lines(writer.at_each_step())
    return str(
        macros("keras", "cells").cell(
            name,
            what,
            header_text(cell),
            list(equation_lines(cell)),
            [*(f"{size}: int" for size in sizes), *(f"{item}: float" for item in numbers)],
            [*sizes, *numbers],
            _sizes_read(writer, sizes),
            cell.carried,
            [str(writer.widths.carried[name]) for name in cell.carried],
            weights,
            step,
            writer.random,
            before,
            "self.features" in "".join((*before, step)),
            cell.takes_images,
        )
    ).strip()


def _before(writer: KerasCell) -> Before:
    """What a cell computes before the loop over the steps."""
    projected = _lines(writer.ahead())
    width = sum((size for _, size in writer.parts()), Size.of(0))
    random = writer.random
    return Before(
        _lines(writer.begin()),
        _lines(random.masked(writer.rate), 12),
        projected if writer.plan.is_ahead else "",
        _lines(random.draws()) if random.chances else "",
        _lines(random.taken(width), 12) if random.chances else "",
    )


def _sizes_read(writer: KerasCell, sizes: list[str]) -> list[str]:
    """The statements that name the sizes in the shapes of the weights."""
    read = {
        part for shape in writer.widths.weights.values() for side in shape for part in side.names
    }
    first = ["features = input_shape[-1]"] if "features" in read else []
    return [*first, *(f"{size} = self.{size}" for size in sizes if size in read)]


def _lines(statements: Iterable[Statement], indent: int = _INDENT) -> str:
    return "\n".join(line for statement in statements for line in lines(statement, indent))
