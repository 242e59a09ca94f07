"""units → accesses: which steps of a block read which steps of another, as runs.

    Y   Y Y ... Y      Y reads nothing, then X at 0, 1, ...: `ZeroSteps` of one step, a `StridedAccess` from 0 on
        | |     |
        X X ... X

Accesses keep a picture of any length small, and carry lengths that are known only at run time.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from seqdsl.size import Size, strided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqdsl.picture.trace import Producer


@dataclass(frozen=True, slots=True)
class ZeroSteps:
    """``count`` steps that read zeros.

    Attributes:
        count: how many.
        before: the block before whose first step a delayed node stands that they read; ``None``: nothing is wired.
    """

    count: Size
    before: int | None = None


@dataclass(frozen=True, slots=True)
class StridedAccess:
    """``count`` steps that read ``block`` at ``start``, ``start + stride``, ...

    Attributes:
        block: the block that is read.
        start: its first step that is read.
        count: how many steps read it.
        stride: from one read step to the next; 0 where one value is read again and again.
        final: whether the block's final state is read instead of a step.
        each: how many steps in turn read the same step, before the next ones read ``stride`` further.
        earlier: whether delayed nodes lead to it: steps that come before those that read them.
        initial: whether delayed nodes lead to it before the first step of their letter: what its state begins as.
    """

    block: int
    start: Size
    count: Size
    stride: int = 1
    final: bool = False
    each: int = 1
    earlier: bool = False
    initial: bool = False

    @property
    def groups(self) -> Size:
        """How many steps are read: a part of ``count``, where each is read by several."""
        return self.count if self.each == 1 else self.count * Fraction(1, self.each)


Access: TypeAlias = StridedAccess | ZeroSteps
"""What some steps of a block read, if anything."""


def blocks_read(accesses: Iterable[Access]) -> set[int]:
    """The blocks that accesses read."""
    return {access.block for access in accesses if isinstance(access, StridedAccess)}


def find_runs(
    sources: Sequence[Producer | None], owner: Sequence[int], breaks: Sequence[int]
) -> Iterator[tuple[int, int, int]]:
    """Split sources into runs ``(first, count, stride)`` of one block, without an ellipsis in between.

    Args:
        sources: a unit, a final state or nothing for each reading unit.
        owner: the block of each unit.
        breaks: the units before which an ellipsis stands in their block, in order.
    """
    count = len(sources)
    # Most rows read the whole row below, step by step: one comparison tells.
    first = sources[0]
    if (
        not breaks
        and isinstance(first, int)
        and owner[first] == owner[min(first + count, len(owner)) - 1]
        and sources == list(range(first, first + count))
    ):
        yield 0, count, 1
        return
    # The longest run from each start on. It need not give the fewest runs, but neighbors read as one sees them:
    # from the left.
    start = 0
    while start < count:
        source = sources[start]
        if isinstance(source, int):
            end, stride = _unit_run(sources, start, source, owner, breaks)
        else:
            end = next((at for at in range(start, count) if sources[at] != source), count)
            stride = 0
        yield start, end - start, stride if end - start > 1 else 1
        start = end


def _unit_run(
    sources: Sequence[Producer | None],
    start: int,
    source: int,
    owner: Sequence[int],
    breaks: Sequence[int],
) -> tuple[int, int]:
    """Where the run ends that begins at ``start`` with the unit ``source``, and its stride.

    ::

        0 1 2 4 4 4    the runs (0, 3, 1) and (3, 3, 0)
        0 4 4 4        the runs (0, 1, 1) and (1, 3, 0): 4 begins a group, so that 0 4 is no stride
    """
    end = start + 1
    following = sources[end] if end < len(sources) else None
    if not isinstance(following, int):
        return end, 1
    stride = following - source
    if stride and end + 1 < len(sources) and sources[end + 1] == following:
        # The next one begins a group that all read the same.
        return end, 1
    last, block = source, owner[source]
    while end < len(sources):
        following = last + stride
        if sources[end] != following:
            break
        # An equal source is a unit, and so has an owner.
        if owner[following] != block or _crosses(last, following, breaks):
            break
        last = following
        end += 1
    return end, stride


def _crosses(left: int, right: int, breaks: Sequence[int]) -> bool:
    """Whether an ellipsis stands between two units of a block."""
    return bool(breaks) and bisect_right(breaks, left) != bisect_right(breaks, right)


def append(accesses: list[Access], access: Access) -> None:
    """Add an access; if it goes on where the last one ends, make them one."""
    if access.count == Size.of(0):
        return
    if accesses:
        # X0 X1 and X2 X3, cut apart at an ellipsis, are X0 to X3; an access of one step takes on any stride.
        joined = _joined(accesses[-1], access)
        if joined is not None:
            accesses[-1] = joined
            return
    accesses.append(access)


def is_whole(access: StridedAccess, steps: Size) -> bool:
    """Whether an access is all steps of its block, in their order; one step alone has no order."""
    is_all = access.start == Size.of(0) and access.count == steps
    return is_all and (access.stride == 1 or access.count == Size.of(1))


def ends(access: StridedAccess, steps: Size) -> bool:
    """Whether an access is the last steps of its block, one after the other."""
    return access.stride == 1 and access.start + access.count == steps


def reads_to_the_end(start: Size, count: Size, stride: int, steps: Size) -> bool:
    """Whether every ``stride``-th step is read until none is left, however many there are.

    Of 5 steps, every second from the first on: ``0 2 4``, but not ``0 2``.
    """
    return stride > 1 and count == strided(steps, start, stride)


def _joined(left: Access, right: Access) -> Access | None:
    if isinstance(left, ZeroSteps) or isinstance(right, ZeroSteps):
        if not (isinstance(left, ZeroSteps) and isinstance(right, ZeroSteps)):
            return None
        both = left.before == right.before
        return ZeroSteps(left.count + right.count, left.before) if both else None
    if _kind(left) != _kind(right) or (left.each, right.each) != (1, 1):
        return None
    # X0 X2 and X4 X6, of stride 2: the right one begins where a third step of the left one would be.
    stride = _common_stride(left, right)
    if stride is None or left.start + left.count * stride != right.start:
        return None
    return replace(left, count=left.count + right.count, stride=stride)


def _kind(access: StridedAccess) -> tuple[int, bool, bool, bool]:
    return access.block, access.final, access.earlier, access.initial


def _common_stride(left: StridedAccess, right: StridedAccess) -> int | None:
    """The stride of two accesses that may be one; a single step has none, and goes with any.

    ::

        0 2 4 and 6 8       2, as both have
        0 and 2 4 6         2, that of the longer one
        0 and 3             3, how far they are apart
    """
    one = Size.of(1)
    if right.count != one:
        return right.stride if left.count == one or left.stride == right.stride else None
    return (right.start - left.start).constant if left.count == one else left.stride


def group_repeats(accesses: Sequence[Access]) -> list[Access]:
    """Make one access of neighbours that read one step after the other, each as often.

    Example:
        The steps ``0 0 | 1 1 ... 8 8 | 9 9`` of a block are three accesses, and one with ``each = 2``.
    """
    found: list[Access] = []
    for access in accesses:
        joined = _grouped(found[-1], access) if found else None
        if joined is None:
            found.append(access)
        else:
            found[-1] = joined
    return found


def _grouped(left: Access, right: Access) -> StridedAccess | None:
    """Two accesses of whole groups as one, if the second goes on where the first one ends."""
    if isinstance(left, ZeroSteps) or isinstance(right, ZeroSteps):
        return None
    # 0 0 | 1 1          two accesses of stride 0, in groups of 2
    # 0 0 1 1 | 2 2      the first is one of stride 1 and `each` 2 by now, and goes on
    each = _group_size(left)
    if each is None or each != _group_size(right) or left.block != right.block:
        return None
    if (left.earlier, left.initial) != (right.earlier, right.initial):
        return None
    # A single group has no stride of its own: 0 0 0 and 1 1 1 are one access, of stride 1.
    stride = left.stride or right.stride or (right.start - left.start).constant
    if not stride or right.stride not in (0, stride):
        return None
    if left.start + _groups(left) * stride != right.start:
        return None
    return replace(left, count=left.count + right.count, stride=stride, each=each)


def _group_size(access: StridedAccess) -> int | None:
    """How many steps in turn read the same step of an access, if it is more than one."""
    if access.final:
        return None
    if access.each > 1:
        return access.each
    count = access.count.constant
    return count if access.stride == 0 and count is not None and count > 1 else None


def _groups(access: StridedAccess) -> Size:
    return access.groups if access.each > 1 else Size.of(1)


def sub_accesses(access: StridedAccess, offset: Size, count: Size) -> list[StridedAccess]:
    """``count`` steps of an access after its first ``offset`` steps; groups may be cut."""
    if access.each == 1:
        return [replace(access, start=access.start + offset * access.stride, count=count)]
    # 0 0 0 1 1 1 2 2 2, without the first 2 steps, 5 of them: 0 | 1 1 1 | 2.
    # The end of a group that is cut, whole groups, and the beginning of another.
    each, found = access.each, []
    group, within = offset // each, offset - offset // each * each
    start = access.start + group * access.stride
    head = Size.of(0)
    if within != Size.of(0):
        left = Size.of(each) - within
        short = (left - count).constant
        head = count if short is not None and short > 0 else left
        found.append(StridedAccess(access.block, start, head, 0))
        start = start + access.stride
    whole = (count - head) // each * each
    if whole != Size.of(0):
        found.append(replace(access, start=start, count=whole))
    tail = count - head - whole
    if tail != Size.of(0):
        found.append(
            StridedAccess(access.block, start + whole * Fraction(access.stride, each), tail, 0)
        )
    return found
