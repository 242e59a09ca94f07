"""values of a cell's equations, as data: names, numbers, operators and functions."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.size import Size


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

    With a ``kernel`` it is `conv2d`: the map is of a window around each place of the grids that the values hold.

    Attributes:
        operands: the values.
        features: output features, over the sizes among the cell's parameters.
        bias: whether a bias is added, or the parameter of the cell that says so.
        weights: the names of the matrices, in the order of the operands, then that of the bias.
        kernel: how many places a window has in height and in width; ``None``: the map is of each place alone.
    """

    operands: tuple[CellExpression, ...]
    features: Size
    bias: bool | str
    weights: tuple[str, ...]
    kernel: Size | None = None


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
