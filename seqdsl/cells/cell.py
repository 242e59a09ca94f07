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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.size import Size

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


@record(frozen=True)
class Given:
    """A number that a parameter of the cell says, the same for all features."""

    parameter: str


class Choice(Enum):
    """Which of several values is taken, element by element; its value is how it is written."""

    MAX = "max"
    MIN = "min"


@record(frozen=True)
class Extreme:
    """The largest, or the smallest, of values, element by element."""

    choice: Choice
    operands: tuple[CellExpression, ...]


@record(frozen=True)
class Concat:
    """Values side by side."""

    operands: tuple[CellExpression, ...]


@record(frozen=True)
class Scale:
    """A value times a trained factor for each feature; ``weights`` has its name."""

    operand: CellExpression
    weights: tuple[str, ...]


@record(frozen=True)
class Normalize:
    """A value whose features have mean 0 and variance 1, then a scale and a shift; ``weights`` has their names."""

    operand: CellExpression
    weights: tuple[str, ...]


@record(frozen=True)
class Zoneout:
    """A new value of which, in training, some features stay what they were (Krueger et al. 2016).

    Outside training it is the expected value, ``rate * old + (1 - rate) * new``. Which features stay is drawn anew at
    every step.

    Attributes:
        old: the value of the step before.
        new: the value of this step.
        rate: how many stay, or the parameter of the cell that says so.
    """

    old: CellExpression
    new: CellExpression
    rate: float | str


CellExpression = (
    Name
    | Number
    | Given
    | Binary
    | Activation
    | Dropout
    | Dense
    | Extreme
    | Concat
    | Scale
    | Normalize
    | Zoneout
)
Weighted = Dense | Scale | Normalize
"""What has weights of its own; their names are in ``weights``."""

EPSILON = 1e-5
"""What keeps a normalization from dividing by zero, as the layer `layernorm` has it."""


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

    @property
    def carried(self) -> tuple[str, ...]:
        """What goes from step to step: the output, then the other states.

        An output that no step reads is carried, too: where steps are padding, it stays what it was.
        """
        # f = sigmoid(dense(x) + scale(c))      an SRU (Lei et al. 2018): its state is c, its output h; carried are h, c
        # c = f * c + (1 - f) * dense(x)
        # h = tanh(c)
        return (self.output, *(name for name in self.states if name != self.output))

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
        from seqdsl.cells.widths import Widths

        return Widths(self, width, self.settings(arguments)).weights

    def denses(self) -> Iterator[Dense]:
        """The affine maps, in the order of the equations."""
        return (item for item in self.weighted() if isinstance(item, Dense))

    def weighted(self) -> Iterator[Weighted]:
        """What has weights, in the order of the equations."""
        for equation in self.equations:
            yield from (item for item in walk(equation.value) if isinstance(item, Weighted))

    def random_rates(self) -> tuple[float | str, ...]:
        """How many features are lost, or stay as they were, in training, each as it is written."""
        found = (item for equation in self.equations for item in walk(equation.value))
        return tuple(item.rate for item in found if isinstance(item, Dropout | Zoneout))

    def rates(self) -> tuple[str, ...]:
        """The parameters among these."""
        return tuple(dict.fromkeys(rate for rate in self.random_rates() if isinstance(rate, str)))


def walk(expression: CellExpression | Parts) -> Iterator[CellExpression | Parts]:
    """The expression and everything it is made of, outermost first."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def children(expression: CellExpression | Parts) -> tuple[CellExpression, ...]:
    """The expressions that ``expression`` is made of."""
    if isinstance(expression, Name | Number | Given):
        return ()
    if isinstance(expression, Binary):
        return (expression.left, expression.right)
    if isinstance(expression, Zoneout):
        return (expression.old, expression.new)
    if isinstance(expression, Dense | Extreme | Concat):
        return expression.operands
    return (expression.operand,)


def _names(expression: CellExpression | Parts) -> list[str]:
    return [item.name for item in walk(expression) if isinstance(item, Name)]
