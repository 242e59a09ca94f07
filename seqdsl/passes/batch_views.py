"""views of chains → views of their batch: which of the steps of all chains, one after the other, are those of one.

Three chains of two steps as one of six::

    a0 a1   b0 b1   c0 c1           of 3 final states, that of `b` is number 1
    0  1    2  3    4  5            steps 0 to 1 of `b` are steps 2 to 3
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.changes import map_expressions
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Expression,
    FinalState,
    Flatten,
    Repeat,
    Slice,
    Step,
    Value,
    blocks_of,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ONE = Size.of(1)


class Chain(NamedTuple):
    """A block's place in its batch: which chain it is of how many, and the block that represents all."""

    leader: int
    number: int
    among: int
    steps: Size
    direction: Direction


def in_batch(view: Expression, chains: Mapping[int, Chain]) -> Expression:
    """A view of chains as a view of their batch."""
    # `isdisjoint` would go through all chains.
    if not any(block in chains for block in blocks_of(view)):
        return view
    if isinstance(view, Value):
        chain = chains[view.block]
        first = chain.steps * chain.number
        return Slice(Value(chain.leader), first, chain.steps, 1, chain.steps * chain.among)
    if isinstance(view, FinalState):
        chain = chains[view.block]
        return Step(FinalState(chain.leader), Size.of(chain.number), Size.of(chain.among))
    if isinstance(view, Slice) and isinstance(view.of, Value):
        return _slice(view, chains[view.of.block])
    return _simplified(map_expressions(view, lambda part: in_batch(part, chains)))


def _simplified(inner: Expression) -> Expression:
    """A view whose parts are parts of a batch, without going by way of a single chain.

    ::

        step 2 of (steps 5 to 9 of B)       step 7 of B
        one step, repeated once             a slice of one step
        h of chain 0, h of chain 1          all final states of the batch
    """
    if isinstance(inner, Step) and isinstance(inner.of, Slice):
        few = inner.of
        return Step(few.of, few.start + few.stride * inner.index, few.steps)
    if isinstance(inner, Repeat) and isinstance(inner.of, Step) and inner.count == _ONE:
        return Slice(inner.of.of, inner.of.index, _ONE, 1, inner.of.steps)
    if isinstance(inner, ConcatTime):
        return joined(inner.parts)
    return _all_finals(inner) if isinstance(inner, ConcatFeatures) else inner


def _slice(view: Slice, chain: Chain) -> Expression:
    """Some steps of a chain; its last one is its final state."""
    assert isinstance(view.of, Value)
    ends = {Direction.FORWARD: chain.steps - 1, Direction.BACKWARD: Size.of(0)}
    if view.count == _ONE and view.start == ends.get(chain.direction):
        count = Size.of(chain.among)
        return Slice(FinalState(chain.leader), Size.of(chain.number), _ONE, 1, count)
    # Step i of chain k, each of n steps, is step k * n + i of all of them.
    start = chain.steps * chain.number + view.start
    return Slice(Value(chain.leader), start, view.count, view.stride, chain.steps * chain.among)


def _all_finals(view: ConcatFeatures) -> Expression:
    """The final states of all chains side by side are one flat value."""
    first = view.parts[0]
    if not (isinstance(first, Step) and isinstance(first.of, FinalState)):
        return view
    # Side by side, c final states of u units are c * u features: what `Flatten` makes of (batch, c, u), in order.
    if first.steps != Size.of(len(view.parts)):
        return view
    every = tuple(
        Step(first.of, Size.of(number), first.steps) for number in range(first.steps.constant or 0)
    )
    return Flatten(first.of) if view.parts == every else view


def joined(parts: Sequence[Expression]) -> Expression:
    """Sequences one after the other; parts of one sequence that follow each other are one part of it."""
    # Only neighbors can be one: of a0 b0 a1 no two follow each other.
    merged: list[Expression] = []
    for part in parts:
        one = _in_one(merged[-1], part) if merged else None
        merged[-1:] = [one] if one is not None else [*merged[-1:], part]
    whole = [_whole(part) for part in merged]
    return whole[0] if len(whole) == 1 else ConcatTime(tuple(whole))


def _in_one(first: Expression, second: Expression) -> Expression | None:
    """Two views as one, where the second begins at the step after the first."""
    if isinstance(first, Slice) and isinstance(second, Slice):
        # B[0:2] and B[2:6] are B[0:6]; B[0:2] and B[4:6] stay two.
        follows = second.start == first.start + first.count and first.of == second.of
        if follows and first.stride == second.stride == 1 and first.steps == second.steps:
            return replace(first, count=first.count + second.count)
    if isinstance(first, ConcatFeatures) and isinstance(second, ConcatFeatures):
        return _features_in_one(first.parts, second.parts)
    return None


def _features_in_one(
    first: Sequence[Expression], second: Sequence[Expression]
) -> Expression | None:
    """Features side by side as one, if each goes on where its counterpart ends."""
    if len(first) != len(second):
        return None
    parts = [_in_one(one, other) for one, other in zip(first, second, strict=True)]
    complete = tuple(part for part in parts if part is not None)
    return ConcatFeatures(complete) if len(complete) == len(parts) else None


def _whole(view: Expression) -> Expression:
    """A slice of all steps is no slice."""
    if isinstance(view, Slice) and view.count == view.steps and view.stride == 1:
        return view.of
    return (
        ConcatFeatures(tuple(map(_whole, view.parts))) if isinstance(view, ConcatFeatures) else view
    )
