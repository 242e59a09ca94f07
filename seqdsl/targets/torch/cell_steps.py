"""equations of a cell → statements of its PyTorch class: before the loop over all steps, and at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.cell import Dropout, Parts
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
    Prefix,
    Return,
    Statement,
    Text,
    call,
    listing,
    method,
    named,
    tuple_of,
)
from seqdsl.targets.emit.shorten import shortened
from seqdsl.targets.torch.cell_values import TorchValues, own_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.cells.cell import CellExpression
    from seqdsl.cells.schedule import Product


class TorchSteps(TorchValues):
    """Writes what the class of a cell does before the loop over the steps, and at each step."""

    @property
    def places(self) -> tuple[Code, ...]:
        """The height and width of all that the cell has, behind the features; nothing of what has features alone."""
        return (Prefix("*", Text("x.shape[-2:]")),) if self.cell.takes_images else ()

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
        # Convolutions have modules of their own: as one, they would need `F.conv2d`, whose types take no bias of these.
        if group[0].kernel is not None:
            operand = self.value(group[0].operand)
            yield from (Assign((Text(item.weight),), self.product(item, operand)) for item in group)
            return
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
            return self.product(group[0], operand)
        names = ("weight", "bias") if biased else ("weight",)
        joined = [
            call("torch.cat", listing(*(Attribute(layer, name) for layer in layers)))
            for name in names
        ]
        return self._parts(self._joined_product(group[0], operand, joined), group)

    def _joined_product(self, first: Product, operand: Code, joined: Sequence[Code]) -> Code:
        """``F.linear(h, joined)``, or ``F.conv2d(h, joined, padding="same")``."""
        if first.kernel is None:
            return self._by_features(lambda value: call("F.linear", value, *joined), operand)

        # At a step alone: before the loop the module of each convolution is called.
        return call("F.conv2d", operand, *joined, padding='"same"')

    def _parts(self, made: Code, group: Sequence[Product]) -> Call:
        """The products of several matrices side by side, one by one."""
        widths = [self._features(item) for item in group]
        if len(set(widths)) == 1:
            return method(made, "chunk", len(group), dim=self.axis)
        return method(made, "split_with_sizes", listing(*map(own_size, widths)), dim=self.axis)

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
            drawn = call("self.draw_masks", batch, *self.places)
            made = Binary("or", (Text("masks"), drawn))
            names = tuple(self.masks.values())
            yield Assign(names if len(names) > 1 else (tuple_of(*names),), made)
            return
        for item in found:
            yield Assign(
                (self.masks[id(item)],),
                self._mask(item, call("x.new_ones", batch, self._wide(item), *self.places)),
            )

    def _wide(self, item: Dropout) -> Code:
        return own_size(self.widths.width(item.operand))

    def _mask(self, item: Dropout, ones: Code) -> Code:
        """What is kept of a value, each number by itself."""
        return call("F.dropout", ones, self.rate(item.rate), Attribute(Text("self"), "training"))

    def draws(self) -> Iterator[Statement]:
        """The statement that gives all masks, for loops that run single steps."""
        places = ("*places",) if self.places else ()
        made = [
            self._mask(item, call("weight.new_ones", "batch", self._wide(item), *places))
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
        joined = [self._joined(group)]
        made = self._joined_product(group[0], self.value(group[0].operand), joined)
        parts = self._parts(made, group)
        for item in group:
            value: Code = Text(item.weight)
            if item.bias and self._holds_bias(item):
                layer = Attribute(Text("self"), item.weight)
                value = Binary("+", (value, Attribute(layer, "bias")))
            self.computed[item.weight] = value
        return Assign(tuple(Text(item.weight) for item in group), parts)

    def _features(self, product: Product) -> Size:
        return self.widths.weights[product.weight][-1]

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
            made: Code = method(self.value(value.operand), "chunk", value.count, dim=self.axis)
        else:
            made = self.value(value)
        yield from shortened(targets, made, indent, self.names.claim)
