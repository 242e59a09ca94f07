"""equations → cell: the body of a recurrence, one step of it as data.

A cell is what is written in papers, a line for each name::

    cell rnn(units, activation=tanh, bias=true) {
      h = activation(dense(x, h, bias=bias, weights=[kernel, recurrent_kernel, bias]))
    }

``x`` is what a step reads. A name that is read before it is assigned is *state*: the value of the step before, until it
is assigned. The last equation gives the cell's output.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

READ = "x"
"""The name of what a step reads."""


class CellError(ValueError):
    """A cell whose equations mean nothing: a name is never assigned, or widths do not fit."""


class Operator(Enum):
    """An operator between two values, element by element; its value is how it is written."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"


@record(frozen=True)
class Name:
    """What a name refers to: ``x``, a state, or what an equation above assigns."""

    name: str


@record(frozen=True)
class Number:
    """A number, the same for all features."""

    value: int | float


@record(frozen=True)
class Binary:
    """Two values combined element by element; one feature is spread over all."""

    operator: Operator
    left: CellExpression
    right: CellExpression


@record(frozen=True)
class Activation:
    """A function of a value: an activation, or a parameter of the cell that names one."""

    function: str
    operand: CellExpression


@record(frozen=True)
class Dropout:
    """A value of which, in training, some features are lost: the same ones at all steps.

    Attributes:
        operand: the value.
        rate: how many are lost, or the parameter of the cell that says so.
    """

    operand: CellExpression
    rate: float | str


@record(frozen=True)
class Dense:
    """An affine map of values side by side; each has a matrix of its own.

    Attributes:
        operands: the values.
        features: output features, over the sizes among the cell's parameters.
        bias: whether a bias is added, or the parameter of the cell that says so.
        weights: the names of the matrices, in the order of the operands, then that of the bias.
    """

    operands: tuple[CellExpression, ...]
    features: Size
    bias: bool | str
    weights: tuple[str, ...]


@record(frozen=True)
class Parts:
    """Equal parts of a value, a name for each: ``split(a, 4)``."""

    operand: CellExpression
    count: int


CellExpression = Name | Number | Binary | Activation | Dropout | Dense


@record(frozen=True)
class Equation:
    """``names = value``; several names take the parts of a value."""

    names: tuple[str, ...]
    value: CellExpression | Parts


@record(frozen=True)
class CellParameter:
    """An argument of a cell; without a default it is a size, as the units are."""

    name: str
    default: bool | float | str | None = None


@record(frozen=True)
class Cell:
    """One step of a recurrence.

    Attributes:
        name: the kind of the layers that run it.
        parameters: the layer's arguments that the equations know, the units first.
        equations: what is computed, in order; the last one gives the output.
    """

    name: str
    parameters: tuple[CellParameter, ...]
    equations: tuple[Equation, ...]

    @property
    def output(self) -> str:
        """The name of the cell's output."""
        return self.equations[-1].names[-1]

    @property
    def states(self) -> tuple[str, ...]:
        """The names that carry state, in the order in which they are first read: ``h, c`` of an LSTM."""
        # i, f, g, o = split(dense(x, h), 4)      h is read before any line assigns it
        # c = f * c + i * g                       so is c: the states are h, c
        # h = o * tanh(c)
        assigned: set[str] = {READ}
        states: dict[str, None] = {}
        for equation in self.equations:
            states |= {name: None for name in _names(equation.value) if name not in assigned}
            assigned.update(equation.names)
        return tuple(states)

    def settings(self, arguments: Mapping[str, object]) -> dict[str, object]:
        """The value of each parameter: the layer's argument, or the default where it is not set."""
        return {
            item.name: item.default if arguments.get(item.name) is None else arguments[item.name]
            for item in self.parameters
        }

    def weights(self, width: Size, arguments: Mapping[str, object]) -> dict[str, tuple[Size, ...]]:
        """The shapes of the weights of one direction, by name, in the order of the equations.

        Args:
            width: features of ``x``.
            arguments: the layer's arguments, among them the sizes that the equations name.

        Raises:
            CellError: a name is never assigned, or widths do not fit.
        """
        return _Widths(self, width, self.settings(arguments)).weights

    def denses(self) -> Iterator[Dense]:
        """The affine maps, in the order of the equations."""
        for equation in self.equations:
            yield from (item for item in walk(equation.value) if isinstance(item, Dense))


def walk(expression: CellExpression | Parts) -> Iterator[CellExpression | Parts]:
    """The expression and everything it is made of, outermost first."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def children(expression: CellExpression | Parts) -> tuple[CellExpression, ...]:
    """The expressions that ``expression`` is made of."""
    if isinstance(expression, Name | Number):
        return ()
    if isinstance(expression, Binary):
        return (expression.left, expression.right)
    return expression.operands if isinstance(expression, Dense) else (expression.operand,)


def _names(expression: CellExpression | Parts) -> list[str]:
    return [item.name for item in walk(expression) if isinstance(item, Name)]


class _Widths:
    """The width of every name of a cell, and with them the shapes of its weights."""

    def __init__(self, cell: Cell, width: Size, settings: Mapping[str, object]) -> None:
        self.sizes = {name: item for name, item in settings.items() if isinstance(item, Size)}
        self.settings = settings
        self.weights: dict[str, tuple[Size, ...]] = {}
        # Before the first step nothing but the units sets the width of a state.
        units = self.sizes.get(cell.parameters[0].name)
        if units is None:
            raise CellError(f"`{cell.name}` does not say how many units it has")
        self.widths = {READ: width, **dict.fromkeys(cell.states, units)}
        for equation in cell.equations:
            self._assign(equation)
        for name in cell.states:
            if not any(name in equation.names for equation in cell.equations):
                raise CellError(f"`{name}` is read and never assigned")
            # What a step leaves behind is what the next one begins with.
            if self.widths[name] != units:
                raise CellError(f"the state `{name}` has {self.widths[name]} features, not {units}")

    def _assign(self, equation: Equation) -> None:
        value = equation.value
        if not isinstance(value, Parts):
            self.widths[equation.names[0]] = self._width(value)
            return
        # 4 * units in 4 parts: units each.
        each = self._width(value.operand) // value.count
        self.widths |= dict.fromkeys(equation.names, each)

    def _width(self, value: CellExpression) -> Size:
        if isinstance(value, Name):
            return self.widths[value.name]
        if isinstance(value, Number):
            return Size.of(1)
        if isinstance(value, Dense):
            return self._dense(value)
        if not isinstance(value, Binary):
            return self._width(value.operand)
        left, right = self._width(value.left), self._width(value.right)
        one = Size.of(1)
        if left != right and one not in (left, right):
            raise CellError(f"{left} and {right} features are combined by `{value.operator.value}`")
        return right if left == one else left

    def _dense(self, value: Dense) -> Size:
        # `4 * units` of a layer of 16 units is 64, of one of `2 * n` units `8 * n`.
        features = value.features.subs(self.sizes)
        for name, operand in zip(value.weights, value.operands, strict=False):
            # x of 8 features and h of 16, to 64: [8, 64] and [16, 64].
            self.weights[name] = (self._width(operand), features)
        has_bias = self.settings[value.bias] if isinstance(value.bias, str) else value.bias
        if has_bias:
            self.weights[value.weights[-1]] = (features,)
        return features
