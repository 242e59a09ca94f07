"""cell → whether its equations mean something: what is read or loaded may be anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from seqdsl.cells import ACTIVATIONS
from seqdsl.cells.cell import (
    READ,
    Activation,
    CellError,
    Concat,
    Dense,
    Dropout,
    Extreme,
    Given,
    Normalize,
    Parts,
    Scale,
    Zoneout,
    walk,
)
from seqdsl.cells.widths import fitting_widths
from seqdsl.layers import Family, Kind, find_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell, Equation

    _Settings: TypeAlias = Mapping[str, bool | float | str | None]


def check_cell(cell: Cell) -> None:
    """Make sure that a cell is one.

    Raises:
        CellError: it is not.
    """
    layer = find_layer(cell.name)
    if layer is not None and layer.family is not Family.SCAN:
        raise CellError(f"`{cell.name}` is a layer, and cannot be a cell")
    if not cell.parameters or cell.parameters[0].default is not None:
        raise CellError("the first parameter of a cell is its units")
    if not cell.equations:
        raise CellError("a cell without equations")
    for equation in cell.equations:
        _check_equation(equation, cell)
    _check_weights(cell)
    fitting_widths(cell)


def _check_weights(cell: Cell) -> None:
    # Of one name would be one matrix at two places, and nothing would show that they share it.
    weights = [name for item in cell.weighted() for name in item.weights]
    if len(set(weights)) < len(weights):
        raise CellError("two weights have one name")


def _check_equation(equation: Equation, cell: Cell) -> None:
    _check_names(equation, cell)
    settings = {item.name: item.default for item in cell.parameters}
    for item in walk(equation.value):
        match item:
            case Activation():
                _check_activation(item, settings)
            case Dropout() | Zoneout():
                _check_rate(item.rate, settings)
            case Given():
                _check_given(item, settings)
            case Scale() | Normalize() | Extreme() | Concat():
                _check_operands(item)
            case Dense():
                _check_dense(item, settings)


def _check_operands(item: Scale | Normalize | Extreme | Concat) -> None:
    if isinstance(item, Extreme | Concat):
        if not item.operands:
            raise CellError("nothing is combined")
    # A factor for each feature; a normalization also has a shift.
    elif len(item.weights) != (1 if isinstance(item, Scale) else 2):
        raise CellError("a scale has one weight, a normalization two")


def _check_names(equation: Equation, cell: Cell) -> None:
    """Make sure that an equation names each part of its value, and nothing that has a value already."""
    names, value = equation.names, equation.value
    for name in names:
        is_parameter = any(item.name == name for item in cell.parameters)
        if name == READ or is_parameter or names.count(name) > 1:
            raise CellError(f"`{name}` cannot be assigned here")
    # `h = ...` takes one value, `a, b = split(..., 2)` two.
    count = value.count if isinstance(value, Parts) else 1
    if len(names) != count:
        raise CellError(f"{len(names)} names take {count} parts")


# The type of a parameter's default determines what it sets: a word an activation, a fraction a rate, a truth value
# whether there is a bias. `None` is a size, which has no default.
def _check_activation(activation: Activation, settings: _Settings) -> None:
    # A word of the table, or a parameter that holds one.
    is_parameter = isinstance(settings.get(activation.function), str)
    if not is_parameter and activation.function not in ACTIVATIONS:
        raise CellError(f"unknown function `{activation.function}`")


def _check_rate(given: float | str, settings: _Settings) -> None:
    # A number, or a parameter, whose default is what it is where no layer sets it.
    rate = settings.get(given) if isinstance(given, str) else float(given)
    rates = Kind.RATE.range
    assert rates is not None
    if not isinstance(rate, float) or not rates.holds(rate):
        raise CellError(f"`{given}` is not a rate")


def _check_given(given: Given, settings: _Settings) -> None:
    if not isinstance(settings.get(given.parameter), float):
        raise CellError(f"`{given.parameter}` is not a number")


def _check_dense(dense: Dense, settings: _Settings) -> None:
    if isinstance(dense.bias, str) and not isinstance(settings.get(dense.bias), bool):
        raise CellError(f"`{dense.bias}` does not say whether there is a bias")
    if not dense.operands or len(dense.weights) != len(dense.operands) + (dense.bias is not False):
        raise CellError("each value of a dense takes a matrix, and all together a bias")
    sizes = {name for name, default in settings.items() if default is None}
    read = dense.features.names | (dense.kernel.names if dense.kernel is not None else set())
    if unknown := read - sizes:
        raise CellError(f"`{min(unknown)}` is not a size of the cell")
