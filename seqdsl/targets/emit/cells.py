"""values of a cell → code: what all targets write alike, operators above all; each adds its own functions."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from seqdsl.cells.cell import (
    Activation,
    Binary,
    Concat,
    Dense,
    Dropout,
    Extreme,
    Given,
    Name,
    Normalize,
    Number,
    Operator,
    Scale,
    Zoneout,
)
from seqdsl.cells.schedule import products_of, schedule
from seqdsl.size import Size
from seqdsl.targets.code import Binary as Infix
from seqdsl.targets.code import Code, Text, call, enclosed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seqdsl.cells.cell import Cell, CellExpression
    from seqdsl.cells.schedule import Product
    from seqdsl.layers import LayerDef

_SUMS = (Operator.ADD, Operator.SUBTRACT)

_MODULES = {"kernel": "conv_x", "recurrent_kernel": "conv_h", "bias": "conv_bias"}
"""What modules call the weights of a built-in cell, whose names in equations are those that Keras has."""


def module_of(weight: str) -> str:
    """What a module calls the matrix of a cell: ``conv_x`` of ``kernel``, and what a file's cell calls it."""
    return _MODULES.get(weight, weight)


def what_it_is(definition: LayerDef) -> str:
    """What the cell of a layer is, for its documentation."""
    # "a convolutional LSTM" begins a sentence here
    noun = definition.words.noun
    return "A cell of the picture" if definition.is_declared else noun[:1].upper() + noun[1:]


def with_modules(cell: Cell) -> Cell:
    """A cell whose weights are called as in modules."""
    equations = tuple(replace(item, value=_named(item.value)) for item in cell.equations)
    return replace(cell, equations=equations)


def _named(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_named, value))
    # Whatever an expression is made of is in one of its fields, or in several.
    parts = {item.name: getattr(value, item.name) for item in fields(value)}
    made = {
        name: _named(part)
        for name, part in parts.items()
        if (is_dataclass(part) and not isinstance(part, Size)) or name == "operands"
    }
    if "weights" in parts:
        made["weights"] = tuple(map(module_of, parts["weights"]))
    return replace(value, **made)


class CellWriter:
    """Writes the values of a cell.

    Attributes:
        cell: the cell.
        settings: the value of each parameter that is no size and no number.
        plan: what is computed when.
        computed: the variables of products that are computed before they are used, by weight.
    """

    def __init__(self, cell: Cell, settings: Mapping[str, object]) -> None:
        """Begin with no product computed."""
        self.cell, self.settings, self.plan = cell, settings, schedule(cell)
        self.computed: dict[str, Code] = {}

    def value(self, item: CellExpression) -> Code:
        """The code of a value."""
        return _WRITERS[type(item)](self, item)

    def word(self, function: str) -> str:
        """The activation that a function is: the word itself, or what a parameter says."""
        return str(self.settings.get(function) or function)

    def has_bias(self, bias: bool | str) -> bool:
        """Whether a `dense` has a bias."""
        return bool(self.settings[bias]) if isinstance(bias, str) else bias

    def rate(self, rate: float | str) -> Code:
        """A rate, or the parameter that is one."""
        return self.number(rate) if isinstance(rate, str) else Text(str(rate))

    def _number(self, item: Number) -> Code:
        text = Text(str(item.value))
        return enclosed(text) if item.value < 0 else text

    def _given(self, item: Given) -> Code:
        return self.number(item.parameter)

    def _binary(self, item: Binary) -> Code:
        # (1 - f) * h + f * n: the sum on the left of `*` needs its brackets, the products beside `+` none
        is_sum = item.operator in _SUMS
        left, right = self.value(item.left), self.value(item.right)
        if _binds_less(left, () if is_sum else _SUMS):
            left = enclosed(left)
        if _binds_less(right, _SUMS if is_sum else tuple(Operator)):
            right = enclosed(right)
        return Infix(item.operator.value, (left, right))

    def _activation(self, item: Activation) -> Code:
        return self.activated(self.word(item.function), self.value(item.operand))

    def _dense(self, item: Dense) -> Code:
        # f_x[:, step] + self.f_h(h): what was computed ahead has a variable, the rest is computed here
        terms = [
            self.computed.get(product.weight) or self.product(product, self.value(product.operand))
            for product in products_of(item)
        ]
        return terms[0] if len(terms) == 1 else Infix("+", tuple(terms))

    def of_two(self, function: str, item: Extreme) -> Code:
        """The largest or smallest of values by a function of two: ``maximum(maximum(a, b), c)``."""
        values = map(self.value, item.operands)
        return reduce(lambda found, other: call(function, found, other), values)

    # What each target has its own way for.

    def name(self, item: Name) -> Code:
        """The variable of a name."""
        return Text(item.name)

    def number(self, parameter: str) -> Code:
        """Where a parameter that is a number is found."""
        raise NotImplementedError

    def activated(self, word: str, value: Code) -> Code:
        """A value behind an activation."""
        raise NotImplementedError

    def product(self, product: Product, operand: Code) -> Code:
        """An operand times its matrix, and its bias if it has one."""
        raise NotImplementedError

    def dropout(self, item: Dropout) -> Code:
        """A value with some of its features dropped, the same at all steps."""
        raise NotImplementedError

    def extreme(self, item: Extreme) -> Code:
        """The largest or smallest of values."""
        raise NotImplementedError

    def concat(self, item: Concat) -> Code:
        """Values side by side."""
        raise NotImplementedError

    def scale(self, item: Scale) -> Code:
        """A value times a factor for each feature."""
        raise NotImplementedError

    def normalize(self, item: Normalize) -> Code:
        """A normalized value."""
        raise NotImplementedError

    def zoneout(self, item: Zoneout) -> Code:
        """A new value of which some features stay what they were."""
        raise NotImplementedError


def _binds_less(value: Code, operators: tuple[Operator, ...]) -> bool:
    """Whether code is an operation with one of some operators."""
    return isinstance(value, Infix) and value.operator in {item.value for item in operators}


_WRITERS: dict[type[CellExpression], Callable[[CellWriter, Any], Code]] = {
    Name: lambda writer, item: writer.name(item),
    Number: CellWriter._number,
    Given: CellWriter._given,
    Binary: CellWriter._binary,
    Activation: CellWriter._activation,
    Dense: CellWriter._dense,
    Dropout: lambda writer, item: writer.dropout(item),
    Extreme: lambda writer, item: writer.extreme(item),
    Concat: lambda writer, item: writer.concat(item),
    Scale: lambda writer, item: writer.scale(item),
    Normalize: lambda writer, item: writer.normalize(item),
    Zoneout: lambda writer, item: writer.zoneout(item),
}
