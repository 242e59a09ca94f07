"""expression → its size: how many features a value has, and how many steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    FinalState,
    Flatten,
    Gather,
    LastSteps,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    ValidFirst,
    Value,
    Zeros,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Lengths = Sequence[Size | None] | Mapping[int, Size | None]

NOTHING = Size.of(0)
ONE = Size.of(1)


class Measures:
    """The sizes of expressions over blocks of known lengths.

    Attributes:
        steps: the length of each block; ``None`` for a vector.
        width: the width of each block's value, once it is known.
    """

    def __init__(self, steps: Lengths, width: Mapping[int, Size]) -> None:
        """Measure over blocks of lengths ``steps``."""
        self.steps = steps
        self.width = width

    def features(self, view: Expression) -> Size:
        """The width of a view's value."""
        if isinstance(view, Value | FinalState | CarriedState):
            return self.width[view.block]
        if isinstance(view, Zeros):
            return view.width
        if isinstance(view, ConcatFeatures):
            return sum((self.features(part) for part in view.parts), NOTHING)
        if isinstance(view, Elementwise):
            # A width of 1 is spread to the others'.
            return max((self.features(part) for part in view.parts), key=lambda size: size != ONE)
        if isinstance(view, ConcatTime):
            return self.features(view.parts[0])
        # n steps of 3 features are one vector of 3 * n.
        if isinstance(view, Flatten):
            return self.features(view.of) * self.length(view.of)
        return self.features(view.of)

    def length(self, view: Expression) -> Size:
        """The number of steps of a sequence's view."""
        if isinstance(view, Value | ValidFirst):
            steps = self.steps[view.block if isinstance(view, Value) else view.of.block]
            assert steps is not None
            return steps
        # With X of n steps: Slice(X, 2, n - 2) has n - 2, Pad(X, 1, 2) n + 3, RepeatSteps(X, 2) 2 * n,
        # ConcatTime(X, X) 2 * n, Gather(X, (0, 3)) 2; features side by side are as long as one of them.
        if isinstance(view, CarriedState):
            assert view.steps is not None
            return view.steps
        if isinstance(view, Slice | Repeat | Zeros | LastSteps):
            return view.count
        if isinstance(view, DynamicSlice):
            return self.length(view.like)
        if isinstance(view, Pad):
            return self.length(view.of) + view.before + view.after
        if isinstance(view, RepeatSteps):
            return self.length(view.of) * view.times
        if isinstance(view, ConcatTime):
            return sum((self.length(part) for part in view.parts), NOTHING)
        if isinstance(view, Gather):
            return Size.of(len(view.indices))
        assert isinstance(view, ConcatFeatures | Elementwise)
        return self.length(view.parts[0])
