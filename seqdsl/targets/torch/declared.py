"""cells of a file → classes of a PyTorch module: the equations of a step, and the loop over all steps around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import Dense, Scale
from seqdsl.cells.schedule import products_of
from seqdsl.cells.text import equation_lines, header_text
from seqdsl.layers import Kind, layer_def
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Call,
    Statement,
    Text,
    call,
    flat,
    lines,
    named,
)
from seqdsl.targets.emit.cells import what_it_is, with_modules
from seqdsl.targets.emit.render import macros
from seqdsl.targets.torch.cell_steps import TorchSteps
from seqdsl.targets.torch.cell_values import FEATURES, norm_name, own_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.cells.schedule import Product
    from seqdsl.ir.graph import Layer


class TorchCell(TorchSteps):
    """Writes the class of a cell."""

    def attributes(self) -> Iterator[Statement]:
        """The statements that make what the class holds."""
        own = Text("self")
        units = self.sizes[0]
        yield Assign((Attribute(own, units),), Text(units))
        for name in self._sizes_kept():
            yield Assign((Attribute(own, name),), Text(name))
        for name in self.numbers:
            yield Assign((Attribute(own, name),), Text(name))
        # self.f_x = nn.Linear(features, units)                   with the bias of f
        # self.f_h = nn.Linear(units, units, bias=False)
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

    def zeros(self) -> list[str]:
        """The size of each state, as `forward` reads it."""
        return [flat(own_size(self.widths.carried[name])) for name in self.cell.carried]

    def _sizes_kept(self) -> list[str]:
        """The sizes that `forward` needs for masks and states, besides the units."""
        # kept = F.dropout(x.new_ones(x.shape[0], self.features), 0.1, self.training): a mask has a width
        widths = [self.widths.width(item.operand) for item in self.cell.dropouts()]
        # h = x.new_zeros(1, x.shape[0], self.size): and so has a state
        widths += self.widths.carried.values()
        read = frozenset[str]().union(*(width.names for width in widths))
        return [name for name in (FEATURES, *self.sizes[1:]) if name in read]

    def _linear(self, product: Product) -> Call:
        *window, width, features = self.widths.weights[product.weight]
        bias = () if self._holds_bias(product) else (named("bias", False),)
        if window:
            same = named("padding", '"same"')
            return call("nn.Conv2d", width, features, window[0], same, *bias)
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

    def __init__(self, name: str, layer: Layer, *, masked: bool, drawn: bool) -> None:
        """Write it."""
        definition = layer_def(layer.kind)
        assert definition.cell is not None
        cell = with_modules(definition.cell)
        writer = TorchCell(cell, definition, definition.given(layer.arguments))
        self.name, self.sizes, self.numbers = name, writer.sizes, writer.numbers
        writer.drawn = drawn
        ahead = _text(writer.ahead(), 8)
        at_each_step = _text(writer.at_each_step(), 12)
        self.text = str(
            macros("torch", "declared").cell(
                name,
                what_it_is(definition),
                header_text(cell),
                list(equation_lines(cell)),
                [
                    *(f"{size}: int" for size in writer.sizes),
                    *(f"{n}: float" for n in writer.numbers),
                ],
                _text(writer.attributes(), 8),
                cell.carried,
                writer.zeros(),
                ahead,
                writer.frame,
                _text([writer.loop(numbered=masked)], 8),
                at_each_step,
                masked,
                _text(writer.draws(), 8),
                drawn,
                cell.takes_images,
            )
        ).strip()
        self.functions = writer.functions


def _text(statements: Iterable[Statement], indent: int) -> str:
    return "\n".join(line for statement in statements for line in lines(statement, indent))
