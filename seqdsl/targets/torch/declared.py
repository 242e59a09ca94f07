"""cells of a file → classes of a PyTorch module: the equations of a step, and the loop over all steps around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import (
    Choice,
    Concat,
    Dense,
    Dropout,
    Extreme,
    Given,
    Name,
    Normalize,
    Number,
    Parts,
    Scale,
    Zoneout,
    walk,
)
from seqdsl.cells.schedule import products_of
from seqdsl.cells.text import equation_lines, header_text
from seqdsl.cells.widths import fitting_widths
from seqdsl.layers import Kind, layer_def
from seqdsl.lowering.naming import Names
from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Call,
    Code,
    Comment,
    Index,
    Statement,
    Text,
    call,
    enclosed,
    lines,
    listing,
    method,
    named,
    tuple_of,
)
from seqdsl.targets.emit.cells import CellWriter
from seqdsl.targets.emit.render import macros
from seqdsl.targets.torch.activations import activated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.cells.schedule import Product
    from seqdsl.ir.graph import Layer
    from seqdsl.layers import LayerDef

FEATURES = "features"
"""The argument of a class that is the input features."""


class TorchCell(CellWriter):
    """Writes the class of a cell.

    Attributes:
        names: the names that are taken in `forward`.
        frame: the variables of the loop over the steps, as they are called beside the names of the equations.
        step: the variable of the step's number.
        at_step: whether what is written is within the loop over the steps.
        functions: the functions and classes of the module that the class calls.
        masks: the variables of the masks of `dropout`.
    """

    def __init__(self, cell: Cell, definition: LayerDef, settings: Mapping[str, object]) -> None:
        """Begin with the names of the equations taken."""
        super().__init__(cell, settings)
        self.definition = definition
        weights = [name for item in cell.weighted() for name in item.weights]
        assigned = [name for equation in cell.equations for name in equation.names]
        taken = ("x", "state", "mask", "torch", "nn", "F", "self", *weights, *assigned)
        self.names = Names(taken)
        # `claim` gives no reserved name: `outputs` is one, and is none of the equations'.
        self.frame = {word: self.names.claim(word) for word in ("step", "before", "valid", "pairs")}
        self.step = self.frame["step"]
        self.at_step = False
        self.functions: set[str] = set()
        self.masks: dict[Dropout, Code] = {}
        self.widths = fitting_widths(cell, FEATURES)

    # Values

    def name(self, item: Name) -> Code:
        """The variable of a name; of what is known for all steps at once, the step."""
        is_sequence = self.at_step and item.name in self.plan.names
        return self._here(Text(item.name)) if is_sequence else Text(item.name)

    def _here(self, value: Code) -> Code:
        return Index(value, f":, {self.step}")

    def number(self, parameter: str) -> Code:
        """A parameter is an attribute of the module."""
        return Attribute(Text("self"), parameter)

    def activated(self, word: str, value: Code) -> Code:
        """A value behind an activation."""
        return activated(word, value)

    def product(self, product: Product, operand: Code) -> Code:
        """A linear layer of its own."""
        return call(Attribute(Text("self"), product.weight), operand)

    def dropout(self, item: Dropout) -> Code:
        """A value times a mask that is drawn once."""
        value = self.value(item.operand)
        mask = self.masks[item]
        if not self.at_step:
            # Of (batch, steps, features): the same at all steps.
            mask = Index(mask, ":, None")
        return Binary("*", (enclosed(value) if isinstance(value, Binary) else value, mask))

    def extreme(self, item: Extreme) -> Code:
        """``torch.maximum``; of a number, ``clamp``."""
        is_max = item.choice is Choice.MAX
        values = [part for part in item.operands if not isinstance(part, Number | Given)]
        numbers = [part for part in item.operands if isinstance(part, Number | Given)]
        first, *others = map(self.value, values)
        for other in others:
            first = call("torch.maximum" if is_max else "torch.minimum", first, other)
        for number in numbers:
            # At least 0 is the larger of a value and 0.
            first = method(first, "clamp", **{"min" if is_max else "max": self.value(number)})
        return first

    def concat(self, item: Concat) -> Code:
        """``torch.cat``."""
        return call("torch.cat", tuple_of(*map(self.value, item.operands)), dim=-1)

    def scale(self, item: Scale) -> Code:
        """A value times a parameter of the module."""
        value = self.value(item.operand)
        weight = Attribute(Text("self"), item.weights[0])
        return Binary("*", (weight, enclosed(value) if isinstance(value, Binary) else value))

    def normalize(self, item: Normalize) -> Code:
        """``nn.LayerNorm``."""
        return call(Attribute(Text("self"), norm_name(item)), self.value(item.operand))

    def zoneout(self, item: Zoneout) -> Code:
        """A function of the module."""
        self.functions.add("zoneout")
        old, new = self.value(item.old), self.value(item.new)
        return call("zoneout", old, new, self.rate(item.rate), Attribute(Text("self"), "training"))

    # Statements

    def ahead(self) -> Iterator[Statement]:
        """What is computed before the loop: what depends on `x` alone, joined matrices, masks of `dropout`."""
        yield from self._masks()
        if self.plan.ahead or self.plan.products:
            yield Comment("What depends on x alone, for all steps at once.")
        for equation in self.plan.ahead:
            yield self._assign(equation.names, equation.value)
        for group in self.plan.products:
            yield self._products_ahead(group)
        for step in self.plan.steps:
            for group in step.products:
                weights = [
                    Attribute(Attribute(Text("self"), item.weight), "weight") for item in group
                ]
                yield Assign((self._joined(group),), call("torch.cat", listing(*weights)))
        self.at_step = True
        for group in self.plan.products:
            for item in group:
                self.computed[item.weight] = self._here(Text(item.weight))

    def _products_ahead(self, group: tuple[Product, ...]) -> Statement:
        operand = self.value(group[0].operand)
        if len(group) == 1:
            return Assign((Text(group[0].weight),), self.product(group[0], operand))
        self.functions.add("one_product")
        layers = [Attribute(Text("self"), item.weight) for item in group]
        targets = tuple(Text(item.weight) for item in group)
        return Assign(targets, call("one_product", operand, *layers))

    def _joined(self, group: tuple[Product, ...]) -> Code:
        """The variable of the matrices of a group."""
        return Text(f"{'_'.join(item.weight for item in group[:1])}_joined")

    def _masks(self) -> Iterator[Statement]:
        found = [
            item
            for equation in self.cell.equations
            for item in walk(equation.value)
            if isinstance(item, Dropout)
        ]
        for item in dict.fromkeys(found):
            if not self.masks:
                yield Comment("What is dropped is the same at all steps.")
            mask = Text(self.names.claim("kept"))
            width = _own(self.widths.width(item.operand))
            ones = call("x.new_ones", Index(Text("x.shape"), "0"), width)
            self.masks[item] = mask
            training = Attribute(Text("self"), "training")
            yield Assign((mask,), call("F.dropout", ones, self.rate(item.rate), training))

    def at_each_step(self) -> Iterator[Statement]:
        """The equations of a step."""
        for step in self.plan.steps:
            for group in step.products:
                yield self._products(group)
            yield self._assign(step.equation.names, step.equation.value)

    def _products(self, group: tuple[Product, ...]) -> Statement:
        """``i_h, f_h = F.linear(h, i_h_joined).chunk(2, dim=-1)``."""
        made = call("F.linear", self.value(group[0].operand), self._joined(group))
        widths = [self._features(item) for item in group]
        if len(set(widths)) == 1:
            parts = method(made, "chunk", len(group), dim=-1)
        else:
            parts = method(made, "split", listing(*map(_own, widths)), dim=-1)
        for item in group:
            value: Code = Text(item.weight)
            if item.bias and self._holds_bias(item):
                layer = Attribute(Text("self"), item.weight)
                value = Binary("+", (value, Attribute(layer, "bias")))
            self.computed[item.weight] = value
        return Assign(tuple(Text(item.weight) for item in group), parts)

    def _features(self, product: Product) -> Size:
        return self.widths.weights[product.weight][1]

    def _holds_bias(self, product: Product) -> bool:
        return product.bias in self.biases

    @property
    def biases(self) -> set[str]:
        """The biases that there are with these settings."""
        return {
            item.weights[-1]
            for item in self.cell.denses()
            if item.bias is not False and self.has_bias(item.bias)
        }

    def _assign(self, names: tuple[str, ...], value: object) -> Statement:
        targets = tuple(map(Text, names))
        if isinstance(value, Parts):
            made = self.value(value.operand)
            return Assign(targets, method(made, "chunk", value.count, dim=-1))
        return Assign(targets, self.value(value))  # type: ignore[arg-type]

    # The constructor

    def attributes(self) -> Iterator[Statement]:
        """The statements that make what the class holds."""
        own = Text("self")
        yield Assign((Attribute(own, "units"),), Text("units"))
        for name in self.sizes[1:]:
            if any(isinstance(item, Dropout) for item in self._all()):
                yield Assign((Attribute(own, name),), Text(name))
        for name in self.numbers:
            yield Assign((Attribute(own, name),), Text(name))
        for item in self.cell.weighted():
            if isinstance(item, Dense):
                for product in products_of(item):
                    yield Assign((Attribute(own, product.weight),), self._linear(product))
            elif isinstance(item, Scale):
                (width,) = self.widths.weights[item.weights[0]]
                made = call("nn.Parameter", call("torch.ones", width))
                yield Assign((Attribute(own, item.weights[0]),), made)
            else:
                (width,) = self.widths.weights[item.weights[0]]
                yield Assign((Attribute(own, norm_name(item)),), call("nn.LayerNorm", width))

    def _all(self) -> Iterator[object]:
        return (item for equation in self.cell.equations for item in walk(equation.value))

    def _linear(self, product: Product) -> Call:
        width, features = self.widths.weights[product.weight]
        bias = () if self._holds_bias(product) else (named("bias", False),)
        return call("nn.Linear", width, features, *bias)

    @property
    def sizes(self) -> list[str]:
        """The sizes among the parameters, the units first."""
        return [item.name for item in self.cell.parameters if item.default is None]

    @property
    def numbers(self) -> list[str]:
        """The numbers among the parameters."""
        arguments = self.definition.signature.arguments
        kinds = {item.name: item.kind for item in arguments}
        return [name for name, kind in kinds.items() if kind in (Kind.RATE, Kind.NUMBER)]


class CellClass:
    """The class of a cell with some settings.

    Attributes:
        name: its name.
        kind: the kind of the layers that it runs.
        text: its code.
        functions: the functions of the module that it calls.
        sizes: its arguments that are sizes.
        numbers: its arguments that are numbers.
    """

    def __init__(self, name: str, layer: Layer, *, masked: bool) -> None:
        """Write it."""
        definition = layer_def(layer.kind)
        cell = definition.cell
        assert cell is not None
        writer = TorchCell(cell, definition, definition.given(layer.arguments))
        self.name, self.sizes, self.numbers = name, writer.sizes, writer.numbers
        ahead = _text(writer.ahead(), 8)
        self.text = str(
            macros("torch", "declared").cell(
                name,
                header_text(cell),
                list(equation_lines(cell)),
                [
                    *(f"{size}: int" for size in writer.sizes),
                    *(f"{n}: float" for n in writer.numbers),
                ],
                _text(writer.attributes(), 8),
                cell.carried,
                ahead,
                writer.frame,
                _text(writer.at_each_step(), 12),
                masked,
            )
        ).strip()
        self.functions = writer.functions

    @property
    def functional(self) -> bool:
        """Whether it calls functions of ``torch.nn.functional``."""
        return "F." in self.text


def _text(statements: Iterable[Statement], indent: int) -> str:
    return "\n".join(line for statement in statements for line in lines(statement, indent))


def norm_name(item: Normalize) -> str:
    """The attribute that normalizes: ``c_norm`` of ``c_norm_gamma`` and ``c_norm_beta``."""
    return item.weights[0].removesuffix("_gamma")


def _own(size: Size) -> Code:
    """A size as `forward` can reach it."""
    if size.constant is not None:
        return Text(str(size))
    return Text(str(size.subs({name: Size.of(f"self.{name}") for name in size.names})))
