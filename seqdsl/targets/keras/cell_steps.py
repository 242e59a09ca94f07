"""cell → the statements of its Keras class: what is computed before the loop over the steps, and what at each step.

    i = sigmoid(dense(x, h))      before: x times i_x and f_x side by side; i_h and f_h side by side, as one matrix
    f = sigmoid(dense(x, h))      a step: its part of the first, and h times the second

A step reads one array: what is known of it beforehand, side by side. The joined matrices and the masks are attributes
of the cell, as the masks of Keras's own cells are.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from seqdsl.cells.cell import READ, Parts
from seqdsl.cells.schedule import read_at_steps
from seqdsl.size import Size
from seqdsl.targets.code import (
    Assign,
    Binary,
    Code,
    Return,
    Statement,
    Text,
    call,
    listing,
)
from seqdsl.targets.emit.shorten import shortened
from seqdsl.targets.keras.cell_random import own_size
from seqdsl.targets.keras.cell_values import KerasValues, own

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.cells.cell import CellExpression
    from seqdsl.cells.schedule import Product

_INDENT = 8
_FEATURES = Size.of("features")


class KerasSteps(KerasValues):
    """Writes the statements of a cell."""

    def begin(self) -> Iterator[Statement]:
        """The joined matrices."""
        for group in self.plan.joins:
            matrices = listing(*(own(item.weight) for item in group))
            yield Assign((own(_joined(group)),), call("ops.concatenate", matrices, axis=-1))

    def ahead(self) -> Iterator[Statement]:
        """What depends on `x` alone, for all steps at once, side by side."""
        self.names = self.free_names()
        for equation in self.plan.ahead:
            yield from self._assign(equation.names, equation.value)
        parts: list[Code] = list(map(Text, self._names()))
        groups = self._products()
        made = []
        for group in groups:
            sides = [] if len(group) == 1 else list(self._sides(group))
            yield from sides
            made.append(self._product_ahead(group, [item.targets[0] for item in sides]))
        if len(made) == 1 and not parts:
            yield from self._returned(made[0])
            return
        for value in made:
            name = Text(self.names.claim("projected"))
            yield from shortened((name,), value, _INDENT, self.names.claim)
            parts.append(name)
        yield Return((parts[0] if len(parts) == 1 else _side_by_side(parts),))

    def _returned(self, value: Code) -> Iterator[Statement]:
        # What is too long for a line is taken apart as in an equation.
        *before, last = shortened((Text("x"),), value, _INDENT, self.names.claim)
        yield from before
        yield Return((last.value,))

    def _products(self) -> list[list[Product]]:
        """The products of `x` that are one: of the same operand, all with a bias or all without."""
        split = (
            [item for item in group if self.is_biased(item) is biased]
            for group in self.plan.products
            for biased in (True, False)
        )
        return [group for group in split if group]

    def _sides(self, group: Sequence[Product]) -> Iterator[Assign]:
        """``kernel = ops.concatenate([self.f_x, self.n_x], axis=-1)``, and the biases alike."""
        held = {"kernel": [item.weight for item in group]}
        if self.is_biased(group[0]):
            held["bias"] = [item.bias for item in group]
        for name, weights in held.items():
            yield Assign((Text(self.names.claim(name)),), _side_by_side(list(map(own, weights))))

    def _product_ahead(self, group: Sequence[Product], sides: Sequence[Code]) -> Code:
        """``ops.matmul(x, kernel) + bias``."""
        operand = self.value(group[0].operand)
        if len(group) == 1:
            return self.product(group[0], operand)
        kernel, *bias = sides
        made = self.multiplied(group[0], operand, kernel)
        return Binary("+", (made, *bias)) if bias else made

    def _names(self) -> list[str]:
        """The names that are known for all steps at once and read at each."""
        read = read_at_steps(self.plan)
        return [name for name in (READ, *self._assigned_ahead()) if name in read]

    def _assigned_ahead(self) -> list[str]:
        return [name for equation in self.plan.ahead for name in equation.names]

    def parts(self) -> list[tuple[str, Size]]:
        """What a step reads, by variable, each with its features; only `x` where nothing is computed before."""
        if not self.plan.is_ahead:
            return [(READ, _FEATURES)]
        names = [(name, self._features(name)) for name in self._names()]
        products = [item for group in self._products() for item in group]
        return [*names, *((item.weight, self._width(item)) for item in products)]

    def _features(self, name: str) -> Size:
        # What is read is as wide as the layer's input, also where its equations ask for as many features as units.
        return _FEATURES if name == READ else self.widths.widths[name]

    def _width(self, product: Product) -> Size:
        return self.widths.weights[product.weight][-1]

    def at_each_step(self) -> Iterator[Statement]:
        """The equations of a step."""
        self.names, self.at_step = self.free_names(), True
        yield from self._taken_apart()
        for step in self.plan.steps:
            for group in step.products:
                yield from self._joined_product(group)
            yield from self._assign(step.equation.names, step.equation.value)

    def _taken_apart(self) -> Iterator[Statement]:
        """``f_x, n_x = ops.split(x, [self.units], axis=-1)``."""
        parts = self.parts()
        for name, _ in parts:
            if name not in self.plan.names:
                self.computed[name] = Text(name)
        targets = tuple(Text(name) for name, _ in parts)
        if targets != (Text(READ),):
            yield Assign(targets, _split(Text(READ), [width for _, width in parts]))

    def _joined_product(self, group: tuple[Product, ...]) -> Iterator[Statement]:
        """``i_h, f_h = ops.split(ops.matmul(h, self.i_h_joined), 2, axis=-1)``."""
        made = self.multiplied(group[0], self.value(group[0].operand), own(_joined(group)))
        for item in group:
            value: Code = Text(item.weight)
            if self.is_biased(item):
                value = Binary("+", (value, own(item.bias)))
            self.computed[item.weight] = value
        targets = tuple(Text(item.weight) for item in group)
        split = _split(made, [self._width(item) for item in group])
        yield from shortened(targets, split, _INDENT, self.names.claim)

    def _assign(self, names: tuple[str, ...], value: CellExpression | Parts) -> Iterator[Statement]:
        if isinstance(value, Parts):
            made: Code = call("ops.split", self.value(value.operand), value.count, axis=-1)
        else:
            made = self.value(value)
        yield from shortened(tuple(map(Text, names)), made, _INDENT, self.names.claim)


def _joined(group: Sequence[Product]) -> str:
    """The attribute of joined matrices, named after the first of them."""
    return f"{group[0].weight}_joined"


def _side_by_side(values: Sequence[Code]) -> Code:
    return call("ops.concatenate", listing(*values), axis=-1)


def _split(value: Code, widths: Sequence[Size]) -> Code:
    """A value in parts of some widths: as many as there are if they are alike, else by their places."""
    if len(widths) == 1:
        return value
    if len(set(widths)) == 1:
        return call("ops.split", value, len(widths), axis=-1)
    # [features, units, units]: cut at features, and at features + units
    places = list(accumulate(widths))[:-1]
    return call("ops.split", value, listing(*map(own_size, places)), axis=-1)
