"""cells of a file → classes of a Keras module, which `layers.RNN` runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import (
    Choice,
    Concat,
    Dense,
    Dropout,
    Extreme,
    Normalize,
    Parts,
    Scale,
    Zoneout,
)
from seqdsl.cells.schedule import products_of
from seqdsl.cells.text import equation_lines, header_text
from seqdsl.cells.widths import fitting_widths
from seqdsl.layers import Kind, layer_def
from seqdsl.lowering.naming import Names
from seqdsl.syntax.names import class_name
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Code,
    Statement,
    Text,
    call,
    enclosed,
    lines,
    listing,
    named,
    tuple_of,
)
from seqdsl.targets.emit.cells import CellWriter
from seqdsl.targets.emit.render import macros
from seqdsl.targets.emit.shorten import shortened
from seqdsl.targets.keras.cell_random import Random

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.cells.schedule import Product
    from seqdsl.ir.graph import Layer
    from seqdsl.layers import LayerDef
    from seqdsl.size import Size
    from seqdsl.targets.keras.emitter import KerasEmitter

_OWN = Text("self")
_INDENT = 8
_WORDS = {"swish": "silu"}
_OF_OPS = frozenset({"tanh", "sigmoid", "relu", "softmax"})


class KerasCell(CellWriter):
    """Writes the class of a cell."""

    def __init__(self, cell: Cell, settings: Mapping[str, object]) -> None:
        """Take the widths of its values."""
        super().__init__(cell, settings)
        self.widths = fitting_widths(cell)
        weights = [name for item in cell.weighted() for name in item.weights]
        assigned = [name for equation in cell.equations for name in equation.names]
        self.names = Names(["x", "states", "training", *weights, *assigned])
        self.random = Random(cell, self.widths, self.names)

    def number(self, parameter: str) -> Code:
        """A parameter is an attribute of the layer."""
        return Attribute(_OWN, parameter)

    def activated(self, word: str, value: Code) -> Code:
        """A value behind an activation."""
        if word == "linear":
            return value
        if word in _OF_OPS:
            return call(f"ops.{word}", value)
        slope = {"negative_slope": 0.01} if word == "leaky_relu" else {}
        return call(f"keras.activations.{_WORDS.get(word, word)}", value, **slope)

    def product(self, product: Product, operand: Code) -> Code:
        """``ops.matmul``, and the bias if there is one."""
        made = call("ops.matmul", operand, Attribute(_OWN, product.weight))
        biases = {item.weights[-1]: item.bias for item in self.cell.denses()}
        if not product.bias or not self.has_bias(biases[product.bias]):
            return made
        return Binary("+", (made, Attribute(_OWN, product.bias)))

    def dropout(self, item: Dropout) -> Code:
        """A value times a mask that is drawn once a call."""
        return Binary("*", (_factor(self.value(item.operand)), self.random.masks[id(item)]))

    def zoneout(self, item: Zoneout) -> Code:
        """A function of the module, of numbers that are drawn for all steps at once."""
        old, new = self.value(item.old), self.value(item.new)
        return call("zoneout", old, new, self.rate(item.rate), self.random.chances[id(item)])

    def extreme(self, item: Extreme) -> Code:
        """``ops.maximum`` or ``ops.minimum``, of two at a time."""
        function = "ops.maximum" if item.choice is Choice.MAX else "ops.minimum"
        first, *others = map(self.value, item.operands)
        for other in others:
            first = call(function, first, other)
        return first

    def concat(self, item: Concat) -> Code:
        """``ops.concatenate``."""
        values = listing(*map(self.value, item.operands))
        return call("ops.concatenate", values, axis=-1)

    def scale(self, item: Scale) -> Code:
        """A value times a weight."""
        return Binary("*", (Attribute(_OWN, item.weights[0]), _factor(self.value(item.operand))))

    def normalize(self, item: Normalize) -> Code:
        """``ops.layer_normalization``."""
        gamma, beta = (Attribute(_OWN, name) for name in item.weights)
        value = self.value(item.operand)
        return call("ops.layer_normalization", value, gamma, beta, epsilon="1e-5")

    def statements(self) -> Iterator[Statement]:
        """The equations of a step, in their order."""
        for equation in self.cell.equations:
            targets, value = tuple(map(Text, equation.names)), equation.value
            if isinstance(value, Parts):
                made: Code = call("ops.split", self.value(value.operand), value.count, axis=-1)
            else:
                made = self.value(value)
            yield from shortened(targets, made, _INDENT, self.names.claim)

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
            features = self.widths.weights[item.weights[0]][1]
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


def _factor(value: Code) -> Code:
    return enclosed(value) if isinstance(value, Binary) else value


def cell_call(layer: Layer, to: KerasEmitter) -> Code:
    """The call that makes the cell of a layer; its class is written when it is first asked for."""
    definition = layer_def(layer.kind)
    assert definition.cell is not None
    given = definition.given(layer.arguments)
    sizes = _of_kinds(definition, Kind.SIZE)
    numbers = _of_kinds(definition, Kind.RATE, Kind.NUMBER)
    # mgu(32) and mgu(64) are one class; with other activations, or without biases, it is another.
    fixed = _of_kinds(definition, Kind.ACTIVATION, Kind.BOOL)
    key: Hashable = (str(layer.kind), *(given[name] for name in fixed))
    if key not in to.classes:
        name = _free_name(f"{class_name(layer.kind)}Cell", to)
        to.classes[key] = name, _text_of(name, definition.cell, given, sizes, numbers)
    name, _ = to.classes[key]
    if any(definition.cell.zoneouts()):
        to.function("zoneout")
    return call(name, *(given[size] for size in sizes), **{item: given[item] for item in numbers})


def _of_kinds(definition: LayerDef, *kinds: Kind) -> list[str]:
    """The arguments of some kinds."""
    return [item.name for item in definition.signature.arguments if item.kind in kinds]


def _free_name(base: str, to: KerasEmitter) -> str:
    """``MguCell``, or ``MguCell2`` for the second class of a cell."""
    number = sum(name.startswith(base) for name, _ in to.classes.values())
    return f"{base}{number + 1}" if number else base


def _text_of(
    name: str, cell: Cell, given: Mapping[str, object], sizes: list[str], numbers: list[str]
) -> str:
    """The class of a cell."""
    writer = KerasCell(cell, given)
    weights = list(writer.weights())
    own = [*sizes, *numbers]
    read = {
        part for shape in writer.widths.weights.values() for side in shape for part in side.names
    }
    first = [f"{size} = self.{size}" for size in sizes if size in read]
    if "features" in read:
        first.insert(0, "features = input_shape[-1]")
    render = macros("keras", "cells").cell
    return str(
        render(
            name,
            header_text(cell),
            list(equation_lines(cell)),
            [*(f"{size}: int" for size in sizes), *(f"{item}: float" for item in numbers)],
            own,
            first,
            cell.carried,
            _lines(weights),
            _lines(writer.statements()),
            writer.random,
            _lines(writer.random.draws(writer.rate)),
            _lines(writer.random.taken(), 12),
        )
    ).strip()


def _lines(statements: Iterable[Statement], indent: int = _INDENT) -> str:
    return "\n".join(line for statement in statements for line in lines(statement, indent))
