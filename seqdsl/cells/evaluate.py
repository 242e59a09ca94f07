"""cell, weights, state → state: what a cell's equations come to, in plain numpy.

numpy is imported where something is computed: the compiler needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.cells.cell import (
    EPSILON,
    READ,
    Activation,
    Binary,
    CellError,
    Choice,
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
        state: what is carried from step to step, in the order of `Cell.carried`.

    Returns:
        The output, ``(batch, units)``, and what is carried on.

    Raises:
        CellError: the cell has another number of states, or an activation is unknown.
    """
    if len(state) != len(cell.carried):
        raise CellError(f"`{cell.name}` has {len(cell.carried)} states, not {len(state)}")
    values = {READ: x, **dict(zip(cell.carried, state, strict=True))}
    evaluation = _Evaluation(cell.settings(arguments), weights, values)
    # A state is the value of the step before until its equation assigns it: the order is the meaning.
    for equation in cell.equations:
        evaluation.assign(equation.names, equation.value)
    return values[cell.output], tuple(values[name] for name in cell.carried)


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
        return _RULES[type(item)](self, item)

    def _name(self, item: Name) -> Array:
        return self.values[item.name]

    def _number(self, item: Number | Given) -> Array:
        import numpy as np

        return np.asarray(item.value if isinstance(item, Number) else self._setting(item.parameter))

    def _activation(self, item: Activation) -> Array:
        # `activation(g)` is the layer's `activation`, `tanh(g)` the word itself.
        word = str(self.settings.get(item.function) or item.function)
        return _activation(word)(self.value(item.operand))

    def _binary(self, item: Binary) -> Array:
        return _OPERATORS[item.operator](self.value(item.left), self.value(item.right))

    def _dropout(self, item: Dropout) -> Array:
        return self.value(item.operand)

    def _extreme(self, item: Extreme) -> Array:
        import numpy as np

        pick = np.maximum if item.choice is Choice.MAX else np.minimum
        # max(a, b, 0): two by two, from the left, where numbers are spread over all features
        first, *others = map(self.value, item.operands)
        for other in others:
            first = pick(first, other)
        return first

    def _concat(self, item: Concat) -> Array:
        import numpy as np

        batch = self.values[READ].shape[:-1]
        values = map(self.value, item.operands)
        # A number is one feature.
        return np.concatenate([v if v.ndim else np.full((*batch, 1), v) for v in values], -1)

    def _scale(self, item: Scale) -> Array:
        return self.value(item.operand) * self.weights[item.weights[0]]

    def _normalize(self, item: Normalize) -> Array:
        import numpy as np

        value = self.value(item.operand)
        scale, shift = (self.weights[name] for name in item.weights)
        deviation = np.sqrt(value.var(-1, keepdims=True) + EPSILON)
        normalized: Array = (value - value.mean(-1, keepdims=True)) / deviation * scale + shift
        return normalized

    def _zoneout(self, item: Zoneout) -> Array:
        rate = float(self._setting(item.rate) if isinstance(item.rate, str) else item.rate)
        return rate * self.value(item.old) + (1 - rate) * self.value(item.new)

    def _setting(self, name: str) -> Any:
        """The number that a parameter is."""
        return self.settings[name]

    def _dense(self, item: Dense) -> Array:
        pairs = zip(item.operands, item.weights, strict=False)
        # A window's weights have two axes of places in front: (3, 3, features, units).
        product = _windows if item.kernel is not None else _product
        total: Array = sum(
            product(self.value(operand), self.weights[name]) for operand, name in pairs
        )  # type: ignore[assignment]
        has_bias = self.settings[item.bias] if isinstance(item.bias, str) else item.bias
        return total + self.weights[item.weights[-1]] if has_bias else total


_RULES: dict[type[CellExpression], Callable[[_Evaluation, Any], Array]] = {
    Name: _Evaluation._name,
    Number: _Evaluation._number,
    Given: _Evaluation._number,
    Activation: _Evaluation._activation,
    Binary: _Evaluation._binary,
    Dropout: _Evaluation._dropout,
    Dense: _Evaluation._dense,
    Extreme: _Evaluation._extreme,
    Concat: _Evaluation._concat,
    Scale: _Evaluation._scale,
    Normalize: _Evaluation._normalize,
    Zoneout: _Evaluation._zoneout,
}


def _product(value: Array, matrix: Array) -> Array:
    product: Array = value @ matrix
    return product


def _windows(value: Array, kernel: Array) -> Array:
    """A convolution of ``(batch, height, width, features)``, padded so that it keeps its height and width."""
    import numpy as np

    size = len(kernel)
    # Kernel 4: one place of zeros before, two behind, in height and in width.
    sides = ((size - 1) // 2, size // 2)
    padded = np.pad(value, [(0, 0), sides, sides, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    found: Array = np.einsum("...chw,hwco->...o", windows, kernel)
    return found


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
