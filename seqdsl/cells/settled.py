"""cell, arguments → the cell with what they say in its equations: all that is left to it are sizes and rates.

::

    lstm(64, projection=32, recurrent_dropout=0.1)      activation(g) is tanh(g), dropout(x, dropout) is x, and
                                                        dropout(h, recurrent_dropout) stays what it is
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from seqdsl.cells.expressions import Activation, Dense, Dropout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell


def settled(cell: Cell, arguments: Mapping[str, object]) -> Cell:
    """A cell whose activations and biases are those of some arguments, without what is dropped at a rate of zero."""
    given = cell.settings(arguments)
    rates = set(cell.rates())
    # Sizes, and rates above zero, or that a parameter of the file says, are arguments of the class.
    parameters = tuple(
        item
        for item in cell.parameters
        if item.default is None or (item.name in rates and given[item.name])
    )
    kept = {item.name for item in parameters}
    said = {name: value for name, value in given.items() if name not in kept}
    equations = tuple(
        replace(equation, value=_settled(equation.value, said)) for equation in cell.equations
    )
    return replace(cell, parameters=parameters, equations=equations)


def _settled(value: Any, said: Mapping[str, object]) -> Any:
    """An expression, or several, with what is said of the parameters in it."""
    if isinstance(value, tuple):
        return tuple(_settled(item, said) for item in value)
    # A rate that is said here is zero: nothing is dropped.
    if isinstance(value, Dropout) and value.rate in said:
        return _settled(value.operand, said)
    parts = [item.name for item in fields(value) if item.name in _PARTS]
    changed = {name: _settled(getattr(value, name), said) for name in parts}
    return replace(value, **changed, **_own(value, said))


def _own(value: Any, said: Mapping[str, object]) -> dict[str, object]:
    """What a parameter says of an expression itself."""
    if isinstance(value, Activation) and value.function in said:
        return {"function": said[value.function]}
    if not isinstance(value, Dense) or value.bias not in said:
        return {}
    # The last of the names is the bias's.
    is_biased = bool(said[str(value.bias)])
    return {"bias": is_biased, "weights": value.weights if is_biased else value.weights[:-1]}


_PARTS = frozenset({"operand", "operands", "left", "right", "old", "new"})
"""The fields that hold expressions."""
