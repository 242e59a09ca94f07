"""cells of a file → classes of a PyTorch module: the equations of a step, and the loop over all steps around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import Dense, Dropout, Parts, Scale
from seqdsl.cells.schedule import products_of
from seqdsl.cells.text import equation_lines, header_text
from seqdsl.layers import Kind, layer_def
from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Attribute,
    Binary,
    Call,
    Code,
    Comment,
    For,
    Index,
    Return,
    Statement,
    Text,
    call,
    flat,
    lines,
    listing,
    method,
    named,
    tuple_of,
)
from seqdsl.targets.emit.render import macros
from seqdsl.targets.emit.shorten import shortened
from seqdsl.targets.torch.cell_values import FEATURES, TorchValues, norm_name, own_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqdsl.cells.cell import CellExpression
    from seqdsl.cells.schedule import Product
    from seqdsl.ir.graph import Layer


class TorchCell(TorchValues):
    """Writes the class of a cell."""

    # Statements

    def ahead(self) -> Iterator[Statement]:
        """What is computed before the loop: what depends on `x` alone, joined matrices, masks of `dropout`."""
        yield from self._masks()
        if self.plan.ahead or self.plan.products:
            yield Comment("What depends on x alone, for all steps at once.")
        for equation in self.plan.ahead:
            yield from self._assign(equation.names, equation.value, 8)
        for group in self.plan.products:
            yield from self._products_ahead(group)
        for step in self.plan.steps:
            for group in step.products:
                weights = [
                    Attribute(Attribute(Text("self"), item.weight), "weight") for item in group
                ]
                yield Assign((self._joined(group),), call("torch.cat", listing(*weights)))
        self.at_step = True
        for group in self.plan.products:
            for item in group:
                self.computed[item.weight] = self._here(item.weight)

    def _products_ahead(self, group: tuple[Product, ...]) -> Iterator[Statement]:
        """``f_x, n_x = F.linear(x, torch.cat([...]), torch.cat([...])).chunk(2, dim=-1)``."""
        # What has a bias, and what has none, are two products.
        for biased in (True, False):
            part = [item for item in group if self._holds_bias(item) is biased]
            if part:
                made = self._product_ahead(part, biased=biased)
                yield Assign(tuple(Text(item.weight) for item in part), made)

    def _product_ahead(self, group: Sequence[Product], *, biased: bool) -> Code:
        operand = self.value(group[0].operand)
        layers = [Attribute(Text("self"), item.weight) for item in group]
        if len(group) == 1:
            return call(layers[0], operand)
        names = ("weight", "bias") if biased else ("weight",)
        joined = (
            call("torch.cat", listing(*(Attribute(layer, name) for layer in layers)))
            for name in names
        )
        return self._parts(call("F.linear", operand, *joined), group)

    def _parts(self, made: Code, group: Sequence[Product]) -> Call:
        """The products of several matrices side by side, one by one."""
        widths = [self._features(item) for item in group]
        if len(set(widths)) == 1:
            return method(made, "chunk", len(group), dim=-1)
        return method(made, "split_with_sizes", listing(*map(own_size, widths)), dim=-1)

    def _joined(self, group: tuple[Product, ...]) -> Code:
        """The variable of the matrices of a group."""
        return Text(f"{'_'.join(item.weight for item in group[:1])}_joined")

    def _masks(self) -> Iterator[Statement]:
        # dropout(h, 0.1) written twice is two masks, though both records are equal.
        found = list(self.cell.dropouts())
        self.masks = {id(item): Text(self.names.claim("kept")) for item in found}
        batch = Index(Text("x.shape"), "0")
        if found:
            yield Comment("What is dropped is the same at all steps.")
        if found and self.drawn:
            # kept, kept_2 = masks or self.draw_masks(x.shape[0])
            made = Binary("or", (Text("masks"), call("self.draw_masks", batch)))
            names = tuple(self.masks.values())
            yield Assign(names if len(names) > 1 else (tuple_of(*names),), made)
            return
        for item in found:
            yield Assign(
                (self.masks[id(item)],),
                self._mask(item, call("x.new_ones", batch, self._wide(item))),
            )

    def _wide(self, item: Dropout) -> Code:
        return own_size(self.widths.width(item.operand))

    def _mask(self, item: Dropout, ones: Code) -> Code:
        """What is kept of a value, each number by itself."""
        return call("F.dropout", ones, self.rate(item.rate), Attribute(Text("self"), "training"))

    def draws(self) -> Iterator[Statement]:
        """The statement that gives all masks, for loops that run single steps."""
        made = [
            self._mask(item, call("weight.new_ones", "batch", self._wide(item)))
            for item in self.cell.dropouts()
        ]
        yield Return((tuple_of(*made),))

    def loop(self, *, numbered: bool) -> For:
        """The head of the loop over the steps, after what is done at each of them is written.

        ``for f_now, n_now in zip(f.unbind(1), n.unbind(1), strict=True):``: the gradient of ``f[:, step]`` would be
        as large as ``f``, at every step.
        """
        parts = [method(Text(name), "unbind", 1) for name in self.now]
        if not parts:
            return For(self.step if numbered else "_", call("range", Text("x.shape[1]")))
        items = ", ".join(self.now.values())
        steps = parts[0] if len(parts) == 1 else call("zip", *parts, named("strict", True))
        if not numbered:
            return For(items, steps)
        items = f"({items})" if len(parts) > 1 else items
        return For(f"{self.step}, {items}", call("enumerate", steps))

    def at_each_step(self) -> Iterator[Statement]:
        """The equations of a step."""
        for step in self.plan.steps:
            for group in step.products:
                yield self._products(group)
            yield from self._assign(step.equation.names, step.equation.value, 12)

    def _products(self, group: tuple[Product, ...]) -> Statement:
        """``i_h, f_h = F.linear(h, i_h_joined).chunk(2, dim=-1)``."""
        # i_h, f_h, g_h, o_h = F.linear(h, i_h_joined).chunk(4, dim=-1): four gates, one product
        made = call("F.linear", self.value(group[0].operand), self._joined(group))
        parts = self._parts(made, group)
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

    def _assign(
        self, names: tuple[str, ...], value: CellExpression | Parts, indent: int
    ) -> Iterator[Statement]:
        # i, f = split(dense(x, h, features=2 * units), 2) is i, f = (...).chunk(2, dim=-1)
        targets = tuple(map(Text, names))
        if isinstance(value, Parts):
            made: Code = method(self.value(value.operand), "chunk", value.count, dim=-1)
        else:
            made = self.value(value)
        yield from shortened(targets, made, indent, self.names.claim)

    # The constructor

    def attributes(self) -> Iterator[Statement]:
        """The statements that make what the class holds."""
        own = Text("self")
        yield Assign((Attribute(own, "units"),), Text("units"))
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

    def __init__(self, name: str, layer: Layer, *, masked: bool, drawn: bool) -> None:
        """Write it."""
        definition = layer_def(layer.kind)
        cell = definition.cell
        assert cell is not None
        writer = TorchCell(cell, definition, definition.given(layer.arguments))
        self.name, self.sizes, self.numbers = name, writer.sizes, writer.numbers
        writer.drawn = drawn
        ahead = _text(writer.ahead(), 8)
        at_each_step = _text(writer.at_each_step(), 12)
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
                writer.zeros(),
                ahead,
                writer.frame,
                _text([writer.loop(numbered=masked)], 8),
                at_each_step,
                masked,
                _text(writer.draws(), 8),
                drawn,
            )
        ).strip()
        self.functions = writer.functions


def _text(statements: Iterable[Statement], indent: int) -> str:
    return "\n".join(line for statement in statements for line in lines(statement, indent))
