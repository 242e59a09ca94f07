"""operands → views: the idiom that makes what a block reads out of what the blocks below compute.

Only what is wired matters here, not what the layer does with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    Expression,
    FinalState,
    Flatten,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    Repeat,
    RepeatSteps,
    Step,
    Value,
    Zeros,
)
from seqdsl.lowering.gathers import indices_of, offsets_in_row
from seqdsl.lowering.measures import NOTHING, ONE, Measures
from seqdsl.lowering.run_time_steps import RunTimeSteps
from seqdsl.lowering.runtime_lengths import RuntimeLengths, Unbounded, Unmeasured
from seqdsl.lowering.strided_access import StridedAccess, ZeroSteps, is_whole
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from seqdsl.lowering.operands import Operand
    from seqdsl.lowering.strided_access import Access


__all__ = ["NOTHING", "ONE", "Composer", "Unbounded"]

MOST_PARTS = 4
"""Beyond so many parts a gather by index reads better than a concatenation."""


class Composer(Measures):
    """Builds views over blocks of known lengths.

    Attributes:
        is_end: whether a step of a block is where its unidirectional chain ends: there the output is the state.
        ruler, cut, blank: `RunTimeSteps`, of the blocks that have been applied.
    """

    def __init__(
        self,
        steps: Sequence[Size | None] | Mapping[int, Size | None],
        width: Mapping[int, Size],
        is_end: Callable[[int, Size], bool],
        free: Collection[str] = (),
        measured: Mapping[int, Size] | None = None,
        grid: Mapping[int, tuple[Size, ...]] | None = None,
    ) -> None:
        """Compose over blocks; the names in ``free`` are measured by those ``measured``, or by all with a width."""
        super().__init__(steps, width, grid)
        self.free = frozenset(free)
        self.is_end = is_end
        lengths = RuntimeLengths(steps, width if measured is None else measured, self.free)
        # Not a method of this composer: two objects that hold each other are garbage that has to be searched for.
        found = RunTimeSteps(lengths, self.free, Measures(steps, width).length)
        self.ruler, self.cut, self.blank = found.ruler, found.cut, found.blank
        self._is_index = found.is_index

    def view(self, operand: Operand, steps: Size | None) -> Expression:
        """What an operand is for a block of ``steps`` steps."""
        if operand.bus is not None:
            return self.spread(self.together(operand.bus), operand.accesses, steps)
        if steps is None:
            return self.vector(operand.wired[0])
        return self.sequence(operand.accesses)

    def spread(
        self, vector: Expression, accesses: Sequence[Access], steps: Size | None
    ) -> Expression:
        """A vector at each of the steps that read it."""
        if steps is None:
            return vector
        return self.placed(
            [
                (None if isinstance(p, ZeroSteps) else self.repeat(vector, p.count), p.count)
                for p in accesses
            ]
        )

    def together(self, accesses: Sequence[StridedAccess]) -> Expression:
        """Everything on a bus side by side, as one vector.

        Raises:
            Unbounded: it has no fixed width, and cannot be measured at run time either.
        """
        parts = [
            self.vector(access) if access.count == ONE else Flatten(self._side_by_side(access))
            for access in accesses
        ]
        return parts[0] if len(parts) == 1 else ConcatFeatures(tuple(parts))

    def _side_by_side(self, access: StridedAccess) -> Expression:
        try:
            return self.part(access)
        # To name and measure the length would not help: the width would be free still.
        except Unmeasured:
            if access.count.names & self.free:
                raise Unbounded from None
            raise

    def vector(self, access: StridedAccess) -> Expression:
        """The single value that an access reads."""
        if access.final:
            return FinalState(access.block)
        steps = self.steps[access.block]
        if self._is_held(access) and steps is not None:
            return Step(LastValid(Value(access.block)), access.start, steps)
        # The last output of a chain is its final state, which both frameworks return beside the outputs; of a padded
        # sample it is that after the last valid step.
        if self.is_end(access.block, access.start):
            return FinalState(access.block)
        if steps is None:
            return Value(access.block)
        if self.is_counted(access.block) and access.start == steps - 1:
            return Step(LastSteps(Value(access.block), ONE), NOTHING, ONE)
        whole = self._counted(access.block)
        if self._is_index(access.start, steps):
            return Step(whole, access.start, steps)
        return Step(
            self._cut(whole, StridedAccess(access.block, access.start, ONE), steps), NOTHING, ONE
        )

    def part(self, access: StridedAccess) -> Expression:
        """The steps that an access reads, as a sequence."""
        steps = self.steps[access.block]
        # X0 X0 X1 X1 is X0 X1, each step repeated.
        if access.each > 1:
            once = self.part(replace(access, count=access.groups, each=1))
            return RepeatSteps(once, access.each)
        if self.reads_by_windows and access.stride == 0 and (times := access.count.constant):
            # Two windows of a convolution whose wires mark one step are padding where that is.
            return RepeatSteps(self.part(replace(access, count=ONE, stride=1)), times)
        if steps is None or access.final or access.stride == 0:
            return self.repeat(self.vector(access), access.count)
        if self._is_held(access):
            held = LastValid(Value(access.block))
            return held if is_whole(access, steps) else self._cut(held, access, steps)
        if is_whole(access, steps):
            return self.whole(access.block)
        reverse = access.stride == -1 and access.count == steps
        whole = Value(access.block) if reverse else self._counted(access.block)
        return self._cut(whole, access, steps)

    def _cut(self, whole: Expression, access: StridedAccess, steps: Size) -> Expression:
        """Some steps of a sequence, by indices where these are known before run time."""
        # All but the first steps, a number that is free, are counted from the first.
        if not access.count.names & self.free and self._reads_last_valid(access, steps):
            return LastSteps(Value(access.block), access.count)
        return self.cut(whole, access.start, access.count, steps, access.stride)

    def sequence(self, accesses: Sequence[Access]) -> Expression:
        """What an operand gives to a sequence, zero where nothing is wired."""
        with self.counting(accesses):
            # A delayed node that gives the last valid step is no step that has an index.
            is_by_index = all(map(self._is_by_index, accesses)) and not self._holds_any(accesses)
            if is_by_index and (gathered := self._gathered(accesses)) is not None:
                return gathered
            return self.placed(
                [(None if isinstance(p, ZeroSteps) else self.part(p), p.count) for p in accesses]
            )

    def repeat(self, vector: Expression, count: Size) -> Expression:
        """A vector at each of ``count`` steps."""
        return Repeat(vector, count, self.like(count))

    def like(self, count: Size) -> Expression | None:
        """A sequence that is ``count`` steps long, if they are counted at run time only."""
        return self.ruler(count) if count.names & self.free else None

    def zeros(self, count: Size, vector: Expression, width: Size = ONE) -> Expression:
        """``count`` zero steps of ``width`` features, for as many samples as ``vector``."""
        like = self.like(count)
        return Zeros(count, width, like or vector, like is not None, self.places(vector))

    def placed(self, parts: Sequence[tuple[Expression | None, Size]]) -> Expression:
        """Parts one after the other; a part without a view is so many zero steps."""
        views: list[Expression] = []
        blanks: list[tuple[int, Size]] = []
        before = NOTHING
        for view, count in parts:
            if view is not None:
                views.append(view if before == NOTHING else Pad(view, before, NOTHING))
                before = NOTHING
            # A framework pads by numbers only: zeros of a free number are a sequence by themselves.
            elif count.names & self.free:
                blanks.append((len(views), count))
            elif views:
                views[-1] = self._padded(views[-1], count)
            else:
                before = before + count
        # From the last on, so that the places of those before it stay what they are.
        for place, count in reversed(blanks):
            width, grid = self.features(views[0]), self.places(views[0])
            views.insert(place, Zeros(count, width, self.ruler(count), free=True, grid=grid))
        return self.joined(views)

    def _padded(self, view: Expression, after: Size) -> Expression:
        if isinstance(view, Pad):
            return Pad(view.of, view.before, view.after + after)
        return Pad(view, NOTHING, after)

    def joined(self, parts: Sequence[Expression]) -> Expression:
        """Sequences one after the other."""
        return parts[0] if len(parts) == 1 else ConcatTime(tuple(parts))

    def _as_sequence(self, block: int, final: bool) -> Expression:
        """A block as a sequence: a vector or a final state is one step."""
        if final or self.steps[block] is None:
            return Repeat(self._whole(block, final), ONE)
        return self._counted(block)

    def _gathered(self, accesses: Sequence[Access]) -> Expression | None:
        """A gather by index, where a concatenation would have too many parts.

        ::

            blocks one after the other    X0 X1 X2 Y0 Y1 -      at 0 1 2 3 4, and a step of zeros at 5
            what the steps read           Y1 X0 Y0 X2 -  X1     the indices 4 0 3 2 5 1
        """
        wired = [access for access in accesses if isinstance(access, StridedAccess)]
        if len(wired) <= MOST_PARTS:
            return None
        blocks = list(dict.fromkeys((access.block, access.final) for access in wired))
        offsets = offsets_in_row(blocks, self.steps)
        if offsets is None:
            return None
        *starts, total = offsets
        begins = dict(zip(blocks, starts, strict=True))
        indices: list[int] = []
        for access in accesses:
            of_access = indices_of(access, begins, total, self.steps)
            if of_access is None:
                return None
            indices += of_access
        # A step of zeros is read from one that is added behind the last.
        source = self.joined([self._as_sequence(*block) for block in blocks])
        return Gather(Pad(source, NOTHING, ONE) if total in indices else source, tuple(indices))

    def _whole(self, block: int, final: bool) -> Expression:
        return self.vector(StridedAccess(block, NOTHING, ONE, final=final))
