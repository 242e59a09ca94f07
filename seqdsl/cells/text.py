"""cell → text: its equations as a file and papers have them, with no more brackets than they need."""

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
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqdsl.cells.cell import Cell, CellExpression, CellParameter

    Rest = Callable[[CellExpression | Parts], Iterator[str]]

_SUMS = (Operator.ADD, Operator.SUBTRACT)


def header_text(cell: Cell) -> str:
    """The first line of a cell, ``cell NAME(...)``, without what ends it."""
    return f"cell {cell.name}({', '.join(map(_parameter, cell.parameters))})"


def cell_text(cell: Cell) -> str:
    """A cell as a file has it."""
    lines = (f"{header_text(cell)}:", *(f"    {line}" for line in equation_lines(cell)))
    return "".join(f"{line}\n" for line in lines)


def equation_lines(cell: Cell) -> Iterator[str]:
    """The equations of a cell, a line each, as they are written in a file."""
    units = Size.of(cell.parameters[0].name)

    # dense(x, h) says no more than it must: `features=units` and `bias=true` are what is meant without them
    def rest(value: CellExpression | Parts) -> Iterator[str]:
        yield from settings_text(value)
        if isinstance(value, Dense) and value.kernel is not None:
            yield f"kernel={value.kernel}"
        if isinstance(value, Dense) and value.features != units:
            yield f"features={value.features}"
        if isinstance(value, Dense) and value.bias is not True:
            yield f"bias={setting_text(value.bias)}"

    for equation in cell.equations:
        yield f"{', '.join(equation.names)} = {value_text(equation.value, rest)}"


def _parameter(item: CellParameter) -> str:
    return item.name if item.default is None else f"{item.name}={setting_text(item.default)}"


def setting_text(value: bool | float | str) -> str:
    """What a parameter is, as a file has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def settings_text(value: CellExpression | Parts) -> Iterator[str]:
    """What a function takes without a keyword, besides values."""
    if isinstance(value, Dropout | Zoneout):
        yield setting_text(value.rate)
    if isinstance(value, Parts):
        yield str(value.count)


def value_text(value: CellExpression | Parts, rest: Rest) -> str:
    """An expression of a cell.

    Args:
        value: the expression.
        rest: what functions take besides values.
    """
    if isinstance(value, Name):
        return value.name
    if isinstance(value, Given):
        return value.parameter
    if isinstance(value, Number):
        return str(value.value)
    if isinstance(value, Binary):
        is_sum = value.operator in _SUMS
        # `(a + b) * c` needs its brackets, `a * b + c` none.
        left = _side(value.left, rest, brackets=() if is_sum else _SUMS)
        # What is on the right is taken together: a - (b + c), a * (b / c).
        right = _side(value.right, rest, brackets=_SUMS if is_sum else tuple(Operator))
        return f"{left} {value.operator.value} {right}"
    inner = [value_text(item, rest) for item in children(value)]
    return f"{function_name(value)}({', '.join([*inner, *rest(value)])})"


def function_name(value: CellExpression | Parts) -> str:
    """The function that an expression calls."""
    if isinstance(value, Activation):
        return value.function
    if isinstance(value, Dense) and value.kernel is not None:
        return "conv2d"
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


def _side(value: CellExpression, rest: Rest, brackets: tuple[Operator, ...]) -> str:
    text = value_text(value, rest)
    return f"({text})" if isinstance(value, Binary) and value.operator in brackets else text
