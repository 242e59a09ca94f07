"""expression → its size: how many features a value has, and how many steps."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatPlaces,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    FinalState,
    Flatten,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    Repeat,
    RepeatSteps,
    Share,
    Slice,
    ValidFirst,
    Value,
    Zeros,
    places_of,
)
from seqdsl.lowering.strided_access import StridedAccess, ZeroSteps, ends
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from seqdsl.lowering.strided_access import Access

    Lengths = Sequence[Size | None] | Mapping[int, Size | None]

NOTHING = Size.of(0)
ONE = Size.of(1)


class Counting(Enum):
    """How steps are counted of which windows are read, where some of them are padding."""

    IN_PLACE = "in their places"
    FROM_FIRST = "from the first valid one"


class Measures:
    """The sizes of expressions over blocks of known lengths.

    Attributes:
        steps: the length of each block; ``None`` for a vector.
        width: the width of each block's value, once it is known.
        grid: the grid that each step of a block holds; of blocks without one there is nothing.
        masked: the blocks with steps that may be padding.
        padded_at_end: those of them that have it at their end only.
        holds: whether delayed nodes may have to skip padded steps.
        loop: the loop of the block that reads.
        moving: how the steps are counted of which the block that reads has windows, by what they are of.
        windows: what its nodes read by the wires that are these windows, and by no other wire or bus.
        reads_by_windows: whether that is what is being composed.
    """

    def __init__(
        self,
        steps: Lengths,
        width: Mapping[int, Size],
        grid: Mapping[int, tuple[Size, ...]] | None = None,
    ) -> None:
        """Measure over blocks of lengths ``steps``."""
        self.steps = steps
        self.width = width
        self.grid: Mapping[int, tuple[Size, ...]] = {} if grid is None else grid
        self.masked: set[int] = set()
        self.padded_at_end: set[int] = set()
        self.holds = False
        self.loop: frozenset[int] = frozenset()
        self.moving: Mapping[int, Counting] = {}
        self.windows: Collection[tuple[Access, ...]] = ()
        self.reads_by_windows = False

    @contextmanager
    def counting(self, accesses: Sequence[Access]) -> Iterator[None]:
        """Count steps as windows do, if these are of windows; what is read beside them is counted by itself."""
        # Y Y Y     `|` and `\` are windows of X, each in its place; the bus of the last two X is that of the valid ones
        before = self.reads_by_windows
        self.reads_by_windows = before or tuple(accesses) in self.windows
        try:
            yield
        finally:
            self.reads_by_windows = before

    def whole(self, block: int) -> Value | ValidFirst:
        """All steps of a block: in their places, unless windows of a few of them are read."""
        is_first = self.reads_by_windows and self.moving.get(block) is Counting.FROM_FIRST
        return self._counted(block) if is_first else Value(block)

    def _counted(self, block: int) -> Value | ValidFirst:
        """A block some of whose steps are read: they are counted over the valid ones."""
        somewhere = self.is_counted(block) and block not in self.padded_at_end
        return ValidFirst(Value(block)) if somewhere else Value(block)

    def is_counted(self, block: int) -> bool:
        """Whether steps of a block are counted over the valid ones: blocks of a loop read each other in place."""
        is_window = self.reads_by_windows and self.moving.get(block) is Counting.IN_PLACE
        return block in self.masked and block not in self.loop and not is_window

    def _reads_last_valid(self, access: StridedAccess, steps: Size) -> bool:
        """Whether the last steps of a padded block are read: its last valid ones, wherever these are.

        What delayed nodes read is where it is, and the last steps of a window belong to the others of it.
        """
        is_window = self.reads_by_windows and access.block in self.moving
        is_counted = self.is_counted(access.block) and not is_window and not self._is_held(access)
        return is_counted and ends(access, steps)

    def _is_by_index(self, access: Access) -> bool:
        """Whether steps can be found by their numbers: those of a padded block from the first valid one on."""
        if isinstance(access, ZeroSteps) or access.final or not self.is_counted(access.block):
            return True
        steps = self.steps[access.block]
        assert steps is not None
        # All steps are read in place, and the last ones are counted from the end.
        is_all = access.count == steps and access.stride in (1, -1)
        return access.stride != 0 and not is_all and not ends(access, steps)

    def _holds_any(self, accesses: Sequence[Access]) -> bool:
        return self.holds and any(getattr(access, "earlier", False) for access in accesses)

    def _is_held(self, access: StridedAccess) -> bool:
        """Whether a delayed node is read, which gives the last valid step where there is padding."""
        return self.holds and access.earlier

    def places(self, view: Expression) -> tuple[Size, ...]:
        """The grid that each step of a view's value holds: all that is read together holds the same."""
        return places_of(view, self.grid)

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
        if isinstance(view, ConcatTime | ConcatPlaces):
            return self.features(view.parts[0])
        if isinstance(view, Share):
            return ONE
        # n steps of 3 features are one vector of 3 * n.
        if isinstance(view, Flatten):
            return self.features(view.of) * self.length(view.of)
        return self.features(view.of)

    def length(self, view: Expression) -> Size:
        """The number of steps of a sequence's view."""
        if isinstance(view, Value | ValidFirst | LastValid):
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
        assert isinstance(view, ConcatFeatures | ConcatPlaces | Elementwise)
        return self.length(view.parts[0])
