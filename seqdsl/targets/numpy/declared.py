"""cells of a file → functions of a numpy module, which run them over all steps."""

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
from seqdsl.cells.schedule import products_of, read_at_steps
from seqdsl.cells.text import equation_lines, header_text
from seqdsl.cells.widths import fitting_widths
from seqdsl.layers import Kind, layer_def
from seqdsl.lowering.naming import Names
from seqdsl.targets.code import Assign, Binary, Code, Text, call, enclosed, lines, listing
from seqdsl.targets.emit.cells import CellWriter, what_it_is, with_modules
from seqdsl.targets.emit.render import macros
from seqdsl.targets.emit.shorten import shortened
from seqdsl.targets.numpy.activations import activated

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from seqdsl.cells.cell import Cell, CellExpression
    from seqdsl.cells.schedule import Product
    from seqdsl.ir.graph import Layer, Node
    from seqdsl.targets.code import Statement
    from seqdsl.targets.numpy.emitter import NumpyEmitter


class NumpyCell(CellWriter):
    """Writes the function of a cell."""

    def __init__(self, cell: Cell, settings: Mapping[str, object], to: NumpyEmitter) -> None:
        """Take the names of its weights and equations."""
        super().__init__(cell, settings)
        self.to = to
        weights = [name for item in cell.weighted() for name in item.weights]
        assigned = [name for equation in cell.equations for name in equation.names]
        sizes = [item.name for item in cell.parameters if item.default is None]
        self.names = Names(["x", "state", *sizes, "step", "projected", *weights, *assigned])
        # `name` is reserved, and no name of an equation.
        words = ("w", "parts", "ends")
        self.frame = {word: self.names.claim(word) for word in words} | {"name": "name"}

    def number(self, parameter: str) -> Code:
        """A parameter is an argument of the function."""
        return Text(parameter)

    def activated(self, word: str, value: Code) -> Code:
        """A value behind an activation."""
        return activated(word, value, self.to)

    def product(self, product: Product, operand: Code) -> Code:
        """``h @ f_h``, or ``_convolved(h, f_h)``, and the bias if there is one."""
        if product.kernel is None:
            left = enclosed(operand) if isinstance(operand, Binary) else operand
            made: Code = Binary("@", (left, Text(product.weight)))
        else:
            made = call(self.to.function("convolved"), operand, product.weight)
        # `a + h @ u` binds as it should.
        return Binary("+", (made, Text(product.bias))) if self._is_biased(product) else made

    def _is_biased(self, product: Product) -> bool:
        biases = {item.weights[-1]: item.bias for item in self.cell.denses()}
        return bool(product.bias) and self.has_bias(biases[product.bias])

    def dropout(self, item: Dropout) -> Code:
        """Nothing is dropped when a model predicts."""
        return self.value(item.operand)

    def zoneout(self, item: Zoneout) -> Code:
        """The expected value."""
        rate, old, new = self.rate(item.rate), self.value(item.old), self.value(item.new)
        kept = enclosed(Binary("-", (Text("1"), rate)))
        terms = (Binary("*", (rate, _factor(old))), Binary("*", (kept, _factor(new))))
        return Binary("+", terms)

    def extreme(self, item: Extreme) -> Code:
        """``np.maximum`` or ``np.minimum``, of two at a time."""
        return self.of_two("np.maximum" if item.choice is Choice.MAX else "np.minimum", item)

    def concat(self, item: Concat) -> Code:
        """``np.concatenate``."""
        return call("np.concatenate", listing(*map(self.value, item.operands)), axis=-1)

    def scale(self, item: Scale) -> Code:
        """A value times a weight."""
        return Binary("*", (Text(item.weights[0]), _factor(self.value(item.operand))))

    def normalize(self, item: Normalize) -> Code:
        """A function of the module."""
        gamma, beta = map(Text, item.weights)
        function = self.to.function("normalized")
        return call(function, self.value(item.operand), gamma, beta)

    def loaded(self) -> Iterator[Statement]:
        """The weights, as PyTorch's module has them; a matrix for each product with its transpose."""
        for item in self.cell.weighted():
            if isinstance(item, Scale):
                yield self._load(item.weights[0], item.weights[0])
            elif not isinstance(item, Dense):
                norm = item.weights[0].removesuffix("_gamma")
                yield self._load(item.weights[0], f"{norm}.weight")
                yield self._load(item.weights[1], f"{norm}.bias")
            else:
                for product in products_of(item):
                    # (filters, channels, kernel, kernel) stays what it is.
                    end = ".T" if product.kernel is None else ""
                    yield self._load(product.weight, f"{product.weight}.weight", end)
                    if self._is_biased(product):
                        yield self._load(product.bias, f"{product.weight}.bias")

    def _load(self, name: str, place: str, end: str = "") -> Statement:
        suffix = "{suffix}" if "suffix" in self.to.options else ""
        return Assign((Text(name),), Text(f'{self.frame["w"]}[f"{{name}}{suffix}.{place}"]{end}'))

    def ahead(self) -> Iterator[Statement]:
        """What depends on `x` alone."""
        for equation in self.plan.ahead:
            yield from self._assign(equation.names, equation.value, 4)
        for group in self.plan.products:
            for item in group:
                made = self.product(item, self.value(item.operand))
                yield Assign((Text(item.weight),), made)
        for group in self.plan.products:
            for item in group:
                self.computed[item.weight] = Text(item.weight)

    def parts(self) -> list[str]:
        """What each step reads of what is known for all steps at once."""
        read = read_at_steps(self.plan) & self.plan.names
        products = [item.weight for group in self.plan.products for item in group]
        return [*sorted(read), *products] or ["x"]

    def at_each_step(self) -> Iterator[Statement]:
        """The equations of a step."""
        for step in self.plan.steps:
            yield from self._assign(step.equation.names, step.equation.value, 8)

    def _assign(
        self, names: tuple[str, ...], value: CellExpression | Parts, indent: int
    ) -> Iterator[Statement]:
        targets = tuple(map(Text, names))
        if isinstance(value, Parts):
            made: Code = call("np.split", self.value(value.operand), value.count, axis=-1)
        else:
            made = self.value(value)
        yield from shortened(targets, made, indent, self.names.claim)


def _factor(value: Code) -> Code:
    return enclosed(value) if isinstance(value, Binary) else value


def declared_function(node: Node, to: NumpyEmitter) -> str:
    """The name of the function that runs the cell of a node; it is written once all is known that it takes."""
    layer = to.layer(node)
    key = _key(layer)
    if key not in to.cells:
        taken = {name for name, _ in to.cells.values()}
        base, number = f"cell_{layer.kind}", 1
        name = base
        while name in taken:
            number += 1
            name = f"{base}_{number}"
        to.cells[key] = name, layer
        to.functions.add("scan")
        cell = layer_def(layer.kind).cell
        if cell is not None and cell.takes_images:
            to.options.add("images")
            to.functions.add("zero_images")
    return f"_{to.cells[key][0]}"


def _key(layer: Layer) -> Hashable:
    definition = layer_def(layer.kind)
    given = definition.given(layer.arguments)
    fixed = (Kind.ACTIVATION, Kind.BOOL)
    arguments = definition.signature.arguments
    return (str(layer.kind), *(given[item.name] for item in arguments if item.kind in fixed))


def number_keywords(node: Node, to: NumpyEmitter) -> dict[str, object]:
    """The units, and the numbers that a cell's function takes."""
    given = layer_def(node.kind).given(to.layer(node).arguments)
    # The units tell how wide states are that begin with zero, and so may other sizes; the rest the weights tell.
    sizes: dict[str, object] = {name: to.size(given[name]) for name in _sizes(node.kind)}
    return sizes | {
        item: to.parameter(str(given[item])) if isinstance(given[item], str) else given[item]
        for item in _numbers(to.layer(node))
    }


def _sizes(kind: str) -> list[str]:
    """The sizes among a cell's parameters that its function takes, the units first."""
    cell = layer_def(kind).cell
    assert cell is not None
    read = frozenset[str]().union(*(width.names for width in fitting_widths(cell).carried.values()))
    sizes = [item.name for item in cell.parameters if item.default is None]
    return [sizes[0], *(name for name in sizes[1:] if name in read)]


def _zeros(cell: Cell) -> str:
    """The state before the first step, where not all of it is as wide as the units: a tuple of arrays."""
    sizes = [str(width) for width in fitting_widths(cell).carried.values()]
    if cell.takes_images:
        # (batch, steps, height, width, features) is read
        return f"_zero_images(x, {', '.join(sizes)})"
    if set(sizes) == {"units"}:
        return ""
    # h of `size` features, c of `units`: np.zeros((len(x), size), x.dtype), np.zeros((len(x), units), x.dtype)
    zeros = [f"np.zeros((len(x), {size}), x.dtype)" for size in sizes]
    return f"({', '.join(zeros)}{',' * (len(zeros) == 1)})"


def _numbers(layer: Layer) -> list[str]:
    arguments = layer_def(layer.kind).signature.arguments
    return [item.name for item in arguments if item.kind in (Kind.RATE, Kind.NUMBER)]


def cell_functions(to: NumpyEmitter) -> dict[str, str]:
    """The text of the functions of the cells of the file."""
    return {name: _text_of(name, layer, to) for name, layer in to.cells.values()}


def _text_of(name: str, layer: Layer, to: NumpyEmitter) -> str:
    definition = layer_def(layer.kind)
    assert definition.cell is not None
    cell = with_modules(definition.cell)
    writer = NumpyCell(cell, definition.given(layer.arguments), to)
    ahead = _lines(writer.ahead(), 4)
    text = macros("numpy", "recurrences").declared(
        name,
        what_it_is(definition),
        header_text(cell),
        list(equation_lines(cell)),
        to.options,
        [
            *(f"{item}: int" for item in _sizes(layer.kind)),
            *(f"{item}: float" for item in _numbers(layer)),
        ],
        _lines(writer.loaded(), 4),
        ahead,
        writer.parts(),
        writer.frame,
        cell.carried,
        _zeros(cell),
        _lines(writer.at_each_step(), 8),
    )
    return str(text).strip()


def _lines(statements: Iterable[Statement], indent: int) -> str:
    return "\n".join(line for statement in statements for line in lines(statement, indent))
