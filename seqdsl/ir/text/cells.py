"""cell → lines of text: its equations as papers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    Parts,
    Scale,
    Zoneout,
    children,
)
from seqdsl.ir.text.sizes import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.cells.cell import Cell, CellExpression, CellParameter

_SUMS = (Operator.ADD, Operator.SUBTRACT)


def cell_lines(cell: Cell) -> Iterator[str]:
    """The lines of a cell, from ``cell NAME(...) {`` to ``}``."""
    yield f"cell {cell.name}({', '.join(map(_parameter, cell.parameters))}) {{"
    for equation in cell.equations:
        yield f"  {', '.join(equation.names)} = {value_text(equation.value)}"
    yield "}"


def _parameter(item: CellParameter) -> str:
    return item.name if item.default is None else f"{item.name}={_setting(item.default)}"


def _setting(value: bool | float | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def value_text(value: CellExpression | Parts) -> str:
    """An expression of a cell, with no more brackets than it needs."""
    if isinstance(value, Name):
        return value.name
    if isinstance(value, Given):
        return value.parameter
    if isinstance(value, Number):
        return str(value.value)
    if isinstance(value, Binary):
        is_sum = value.operator in _SUMS
        # `(a + b) * c` needs its brackets, `a * b + c` none.
        left = _side(value.left, brackets=() if is_sum else _SUMS)
        # What is on the right is taken together: a - (b + c), a * (b / c).
        right = _side(value.right, brackets=_SUMS if is_sum else tuple(Operator))
        return f"{left} {value.operator.value} {right}"
    return f"{_function(value)}({', '.join([*map(value_text, children(value)), *_rest(value)])})"


def _function(value: CellExpression | Parts) -> str:
    """The function that an expression calls."""
    if isinstance(value, Activation):
        return value.function
    return value.choice.value if isinstance(value, Extreme) else _FUNCTIONS[type(value)]


_FUNCTIONS = {
    Concat: "concat",
    Dense: "dense",
    Dropout: "dropout",
    Normalize: "layernorm",
    Parts: "split",
    Scale: "scale",
    Zoneout: "zoneout",
}


def _rest(value: CellExpression | Parts) -> Iterator[str]:
    """What a function takes besides values."""
    if isinstance(value, Dropout | Zoneout):
        yield _setting(value.rate)
    if isinstance(value, Parts):
        yield str(value.count)
    if isinstance(value, Dense):
        yield f"features={size_text(value.features)}"
        yield f"bias={_setting(value.bias)}"
    if isinstance(value, Dense | Scale | Normalize):
        yield f"weights=[{', '.join(value.weights)}]"


def _side(value: CellExpression, brackets: tuple[Operator, ...]) -> str:
    text = value_text(value)
    return f"({text})" if isinstance(value, Binary) and value.operator in brackets else text
