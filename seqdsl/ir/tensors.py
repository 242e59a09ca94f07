"""values of a builder → other values: cut out, side by side, one after the other, repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    FinalState,
    Flatten,
    Pad,
    Repeat,
    Slice,
    Step,
    Value,
)
from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression


@record(frozen=True)
class Tensor:
    """A value that a builder gives: an expression, and its shape.

    Attributes:
        expression: what it is.
        steps: its length; ``None`` for a vector.
        features: its width.
    """

    expression: Expression
    steps: Size | None
    features: Size

    @property
    def final(self) -> Tensor:
        """A recurrence's final state, a vector."""
        if not isinstance(self.expression, Value):
            raise ValueError("only a recurrence has a final state")
        return Tensor(FinalState(self.expression.block), None, self.features)

    def __getitem__(self, place: int | slice) -> Tensor:
        """One step of a sequence, or a range of its steps; negative numbers count from the end."""
        steps = self.length
        if not isinstance(place, slice):
            index = _from_start(place, steps)
            return Tensor(Step(self.expression, index, steps), None, self.features)
        if place.step not in (None, 1):
            raise ValueError("steps are read one by one")
        # h[-3:] of n steps: from n - 3 on, n - (n - 3) = 3 steps.
        start = _from_start(place.start or 0, steps)
        count = (steps if place.stop is None else _from_start(place.stop, steps)) - start
        return Tensor(Slice(self.expression, start, count, 1, steps), count, self.features)

    @property
    def length(self) -> Size:
        """The steps of a sequence.

        Raises:
            ValueError: it is a vector.
        """
        if self.steps is None:
            raise ValueError("a vector has no steps")
        return self.steps


def _from_start(place: int, steps: Size) -> Size:
    # -1 of n steps is step n - 1.
    return steps + place if place < 0 else Size.of(place)


def concat(first: Tensor, *others: Tensor) -> Tensor:
    """Vectors, or sequences of equal length, side by side."""
    features = sum((part.features for part in others), first.features)
    parts = tuple(part.expression for part in (first, *others))
    return Tensor(ConcatFeatures(parts), first.steps, features)


def join(first: Tensor, *others: Tensor) -> Tensor:
    """Sequences one after the other."""
    steps = sum((part.length for part in others), first.length)
    parts = tuple(part.expression for part in (first, *others))
    return Tensor(ConcatTime(parts), steps, first.features)


def repeat(x: Tensor, times: Size | int | Tensor) -> Tensor:
    """A vector at each of so many steps, or at as many as a sequence has."""
    # As long as another sequence: what a free length needs to be known at run time.
    if isinstance(times, Tensor):
        return Tensor(
            Repeat(x.expression, times.length, times.expression), times.length, x.features
        )
    return Tensor(Repeat(x.expression, Size.of(times)), Size.of(times), x.features)


def delay(x: Tensor, start: Tensor | None = None) -> Tensor:
    """What a sequence was one step before; before its first step zero, or a vector."""
    # a b c: 0 a b, or s a b
    earlier = x[:-1]
    if start is None:
        padded = Pad(earlier.expression, Size.of(1), Size.of(0))
        return Tensor(padded, x.length, x.features)
    return join(repeat(start, 1), earlier)


def flatten(x: Tensor) -> Tensor:
    """All steps of a sequence side by side, a vector."""
    return Tensor(Flatten(x.expression), None, x.length * x.features)
