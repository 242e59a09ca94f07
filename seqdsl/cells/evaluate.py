"""cell, weights, state → state: what a cell's equations come to, in plain numpy.

numpy is imported where something is computed: the compiler needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.cells.cell import (
    READ,
    Activation,
    Binary,
    CellError,
    Dense,
    Dropout,
    Name,
    Number,
    Operator,
    Parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from seqdsl.cells.cell import Cell, CellExpression

    Array = NDArray[Any]


def step(
    cell: Cell,
    arguments: Mapping[str, object],
    weights: Mapping[str, Array],
    x: Array,
    state: tuple[Array, ...],
) -> tuple[Array, tuple[Array, ...]]:
    """One step of a cell, outside training: what is dropped there is kept here.

    Args:
        cell: the cell.
        arguments: the layer's arguments; what is not set has the cell's default.
        weights: the weights by name, shaped as `Cell.weights` says.
        x: what the step reads, ``(batch, features)``.
        state: the cell's states, in its order.

    Returns:
        The output, ``(batch, units)``, and the states after the step.

    Raises:
        CellError: the cell has another number of states, or an activation is unknown.
    """
    if len(state) != len(cell.states):
        raise CellError(f"`{cell.name}` has {len(cell.states)} states, not {len(state)}")
    values = {READ: x, **dict(zip(cell.states, state, strict=True))}
    evaluation = _Evaluation(cell.settings(arguments), weights, values)
    # A state is the value of the step before until its equation assigns it: the order is the meaning.
    for equation in cell.equations:
        evaluation.assign(equation.names, equation.value)
    return values[cell.output], tuple(values[name] for name in cell.states)


class _Evaluation:
    """The values of the names of a cell, as its equations assign them."""

    def __init__(
        self,
        settings: Mapping[str, object],
        weights: Mapping[str, Array],
        values: dict[str, Array],
    ) -> None:
        self.settings, self.weights, self.values = settings, weights, values

    def assign(self, names: tuple[str, ...], value: CellExpression | Parts) -> None:
        if isinstance(value, Parts):
            import numpy as np

            parts = np.split(self.value(value.operand), value.count, -1)
            self.values.update(zip(names, parts, strict=True))
        else:
            self.values[names[0]] = self.value(value)

    def value(self, item: CellExpression) -> Array:
        if isinstance(item, Name):
            return self.values[item.name]
        if isinstance(item, Number):
            import numpy as np

            return np.asarray(item.value)
        if isinstance(item, Activation):
            # `activation(g)` is the layer's `activation`, `tanh(g)` the word itself.
            word = str(self.settings.get(item.function) or item.function)
            return _activation(word)(self.value(item.operand))
        if isinstance(item, Binary):
            return _OPERATORS[item.operator](self.value(item.left), self.value(item.right))
        return self.value(item.operand) if isinstance(item, Dropout) else self._dense(item)

    def _dense(self, item: Dense) -> Array:
        pairs = zip(item.operands, item.weights, strict=False)
        total: Array = sum(self.value(operand) @ self.weights[name] for operand, name in pairs)  # type: ignore[assignment]
        has_bias = self.settings[item.bias] if isinstance(item.bias, str) else item.bias
        return total + self.weights[item.weights[-1]] if has_bias else total


_OPERATORS: dict[Operator, Callable[[Array, Array], Array]] = {
    Operator.ADD: lambda left, right: left + right,
    Operator.SUBTRACT: lambda left, right: left - right,
    Operator.MULTIPLY: lambda left, right: left * right,
    Operator.DIVIDE: lambda left, right: left / right,
}


def _activation(word: str) -> Callable[[Array], Array]:
    from seqdsl.cells.activations import function

    try:
        return function(word)
    except KeyError:
        raise CellError(f"unknown activation `{word}`") from None
