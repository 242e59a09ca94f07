"""some steps of a sequence → the expression that takes them: by indices, or where other sequences end at run time.

::

    n // 2 to n // 2 + 3    the start is measured by a ruler of n // 2 steps, then 3 are taken
    0, 2, 4, ... n steps    a head of 2 * n - 1 steps, then every second of these
    1 to n // 2             all but the first, then as many as a ruler of n // 2 - 1 steps
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatTime, DynamicSlice, Expression, Slice, Zeros
from seqdsl.lowering.measures import NOTHING, ONE
from seqdsl.lowering.runtime_lengths import Unmeasured
from seqdsl.lowering.strided_access import reads_to_the_end

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from seqdsl.lowering.runtime_lengths import RuntimeLengths
    from seqdsl.size import Size


class RunTimeSteps:
    """Takes steps of sequences some of whose lengths are known at run time only: those of the names ``free``."""

    def __init__(
        self,
        lengths: RuntimeLengths,
        free: Collection[str],
        length: Callable[[Expression], Size],
    ) -> None:
        """Measure what is free by some lengths; ``length`` tells that of an expression."""
        self.ruler, self._length = lengths.like, length
        self._free = frozenset(free)

    def cut(
        self, whole: Expression, start: Size, count: Size, steps: Size, stride: int = 1
    ) -> Expression:
        """Steps ``start, start + stride, ...`` of a sequence of ``steps`` steps, ``count`` of them.

        Raises:
            Unmeasured: nothing has as many steps as are to be skipped, or taken.
        """
        if start == NOTHING and (count, stride) == (steps, 1):
            return whole
        if stride == 1 and (part := self._drawn(whole, start, count)) is not None:
            return part
        stop = start + (count - 1) * stride + 1
        if self.is_index(start, steps) and (
            self.is_index(stop, steps) or reads_to_the_end(start, count, stride, steps)
        ):
            return Slice(whole, start, count, stride, steps)
        return self._measured(whole, start, count, steps, stride)

    def _measured(
        self, whole: Expression, start: Size, count: Size, steps: Size, stride: int
    ) -> Expression:
        """Steps whose number, or the first of which, is measured by another sequence."""
        if not count.names & self._free and stride > 0 and not self.is_index(start, steps):
            tail = DynamicSlice(whole, self.ruler(start), self.ruler(steps - start))
            return Slice(tail, NOTHING, count, stride, steps - start)
        if stride > 1:
            span = (count - 1) * stride + 1
            return Slice(self.cut(whole, start, span, steps), NOTHING, count, stride, span)
        if stride < 1:
            raise Unmeasured(count)
        like = self.ruler(count)
        if not self.is_index(start, steps):
            return DynamicSlice(whole, self.ruler(start), like)
        rest = Slice(whole, start, steps - start, 1, steps)
        return DynamicSlice(whole if start == NOTHING else rest, None, like)

    def _drawn(self, whole: Expression, start: Size, count: Size) -> Expression | None:
        """Some steps of sequences one after the other that are just one of these; ``None``: they are not."""
        # X X ... X Z ... Z    all steps behind those of X are Z: no index is needed, at whichever step it begins
        begins = NOTHING
        for part in whole.parts if isinstance(whole, ConcatTime) else ():
            length = self._length(part)
            if (begins, length) == (start, count):
                return part
            begins = begins + length
        return None

    def is_index(self, size: Size, steps: Size) -> bool:
        """Whether an index is known before run time, counted from the start or from the end."""
        return not size.names & self._free or not (steps - size).names & self._free

    def blank(self, count: Size) -> Expression:
        """``count`` steps of one zero each, of a number that is known at run time only."""
        return Zeros(count, ONE, self.ruler(count), free=True)
