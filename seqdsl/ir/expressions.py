"""tensor expressions: how what a block reads is made of the values of other blocks.

Each is an idiom that every framework has. A *vector* is ``(batch, features)``, a *sequence*
``(batch, steps, features)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@record(frozen=True)
class Value:
    """The whole value of a block, unchanged."""

    block: int


@record(frozen=True)
class FinalState:
    """A recurrent block's final state, a vector: its last output, both directions' concatenated."""

    block: int


# The first `y` of the second call is the last `Y` of the first one:   Y Y Y | Y Y Y
@record(frozen=True)
class CarriedState:
    """What the call before left of a block: a vector or, of so many ``steps``, a sequence.

    It is an argument of the model, and depends on no step of the block: the first part of its layer's state or, if it
    ``is_value``, the last values of the block. A convolution's state has the ``features`` that it reads.
    """

    block: int
    is_value: bool = False
    steps: Size | None = None
    features: Size | None = None


# Of a b c d e f: start 1, count 2, stride 2 gives b d; start 5, count 3, stride -1 gives f e d.
@record(frozen=True)
class Slice:
    """Steps ``start, start + stride, ...`` of a sequence, ``count`` of them; a sequence.

    ``stride`` may be negative: then they run backward.
    """

    of: Expression
    start: Size
    count: Size
    stride: int
    steps: Size


# Encoder and decoder on one row of lengths s and t, known at run time only: the decoder's part of
# a sequence of s + t steps comes after as many steps as the encoder's input has.
@record(frozen=True)
class DynamicSlice:
    """As many steps of a sequence as ``like`` has, after as many as ``before`` has (none: from the first)."""

    of: Expression
    before: Expression | None
    like: Expression


# Of a sample a b . c . (a dot is padding), the last two are b c, wherever the padding is.
@record(frozen=True)
class LastSteps:
    """The last ``count`` valid steps of a masked block; a sequence."""

    of: Value
    count: Size


@record(frozen=True)
class ValidFirst:
    """All steps of a masked block, the valid ones of each sample first: where steps are counted over these.

    For a sample ``. a . b`` (a dot is padding) that is ``a b . .``.
    """

    of: Value


# Of a sample `. a . b` (a dot is padding) it is `s a a b`, where `s` is there before: what a delayed node gives next.
@record(frozen=True)
class LastValid:
    """At each step of a masked block, its value at the last valid step up to there; a sequence.

    Before the first valid step it is ``start``, a vector; ``None``: zero.
    """

    of: Value
    start: Expression | None = None


# A step that is the last one is written from the end: the length may be known at run time only.
@record(frozen=True)
class Step:
    """One step of a sequence; a vector."""

    of: Expression
    index: Size
    steps: Size


# v becomes v v v: a bus that leads one value to every step.
@record(frozen=True)
class Repeat:
    """A vector at each of ``count`` steps; ``like`` is a sequence of that length if it is free."""

    of: Expression
    count: Size
    like: Expression | None = None


# a b becomes a a b b for times = 2: one node read by two neighbors above it.
@record(frozen=True)
class RepeatSteps:
    """Each step of a sequence, ``times`` times in turn; a sequence."""

    of: Expression
    times: int


# a b becomes 0 a b 0 0 for before = 1, after = 2: nodes that no wire enters.
@record(frozen=True)
class Pad:
    """A sequence with zero steps before and after it."""

    of: Expression
    before: Size
    after: Size


# `like` gives the size of the batch, and the number of steps where that is free: both are known of a value only.
@record(frozen=True)
class Zeros:
    """``count`` zero steps of ``width`` features, for as many samples as ``like``.

    If the count is ``free``, ``like`` is a sequence of that length, else a vector. Steps may hold a ``grid``.
    """

    count: Size
    width: Size
    like: Expression
    free: bool = False
    grid: tuple[Size, ...] = ()


# a b and c become a b c: different blocks feed different steps of one row.
@record(frozen=True)
class ConcatTime:
    """Sequences one after the other."""

    parts: tuple[Expression, ...]


# Two wires into one node: the widths add up.
@record(frozen=True)
class ConcatFeatures:
    """Vectors, or sequences of equal length, side by side."""

    parts: tuple[Expression, ...]


# Two wires into each node of a row that calls a picture of a sequence: (a, b) is what it reads, as its steps.
@record(frozen=True)
class ConcatPlaces:
    """Sequences of equal length and width: what they have at each step are the places of one grid."""

    parts: tuple[Expression, ...]


@record(frozen=True)
class Elementwise:
    """Sequences of equal length, combined element by element: ``add``, ``multiply``, ``mean``, ``max`` or ``min``."""

    how: str
    parts: tuple[Expression, ...]


# Of a sample `a . b` (a dot is padding) the sum is a + b. Of `. . .` it is 0, a product 1, a maximum minus infinity:
# beside other values it changes nothing.
@record(frozen=True)
class Pool:
    """The valid steps of a sequence, combined by ``add``, ``multiply``, ``max`` or ``min``; a vector.

    Of a sample without a valid step it is what changes no result of ``how``; zero if it is ``alone``.
    """

    how: str
    of: Expression
    alone: bool = False


# (a + b + c + d) / 4 is the mean of what a bus has, a b, and of two wires, c d: 1 / 4 is its share.
@record(frozen=True)
class Share:
    """One divided by the number of valid steps of a sequence and of ``more`` values; a vector of one feature."""

    of: Expression
    more: int = 0


# All steps by a bus into one node: steps times features.
@record(frozen=True)
class Flatten:
    """All steps of a sequence side by side; a vector."""

    of: Expression


# The last resort: steps that follow no pattern, one by one.
@record(frozen=True)
class Gather:
    """Chosen steps of a sequence, by index."""

    of: Expression
    indices: tuple[int, ...]


Expression = (
    Value
    | FinalState
    | CarriedState
    | Slice
    | DynamicSlice
    | LastSteps
    | ValidFirst
    | LastValid
    | Step
    | Repeat
    | RepeatSteps
    | Pad
    | Zeros
    | ConcatTime
    | ConcatFeatures
    | ConcatPlaces
    | Elementwise
    | Pool
    | Share
    | Flatten
    | Gather
)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions that ``expression`` is made of."""
    if isinstance(expression, Value | FinalState | CarriedState):
        return ()
    if isinstance(expression, ConcatTime | ConcatFeatures | ConcatPlaces | Elementwise):
        return expression.parts
    if isinstance(expression, Repeat) and expression.like is not None:
        return (expression.of, expression.like)
    if isinstance(expression, LastValid):
        return (expression.of,) if expression.start is None else (expression.of, expression.start)
    if isinstance(expression, DynamicSlice):
        after = () if expression.before is None else (expression.before,)
        return (expression.of, expression.like, *after)
    return (expression.like,) if isinstance(expression, Zeros) else (expression.of,)


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything it is made of, outermost first."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def blocks_of(expression: Expression) -> frozenset[int]:
    """The blocks whose values a expression is made of."""
    return frozenset(
        item.block for item in walk(expression) if isinstance(item, Value | FinalState)
    )


def places_of(expression: Expression, grids: Mapping[int, tuple[Size, ...]]) -> tuple[Size, ...]:
    """The grid that each step of an expression holds: all that is read together holds the same.

    Args:
        expression: the expression.
        grids: the grid of each block that has one.
    """
    if isinstance(expression, Value | FinalState | CarriedState):
        return grids.get(expression.block, ())
    if isinstance(expression, Zeros):
        return expression.grid
    if isinstance(expression, ConcatPlaces):
        return (Size.of(len(expression.parts)), *places_of(expression.parts[0], grids))
    if isinstance(expression, ConcatTime | ConcatFeatures | Elementwise):
        return places_of(expression.parts[0], grids)
    return places_of(expression.of, grids)
