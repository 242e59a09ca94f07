"""accesses of delayed blocks → accesses of the blocks whose values they give.

    Y Y ... Y        n steps
    D D ... D
    S y ... y        n - 1 steps, which give Y at 0, 1, ..., n - 2: D reads S, then n - 1 steps of Y from 0 on

Steps before the first one of a letter give its initial state, or zero.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.lowering.strided_access import Access, StridedAccess, ZeroSteps, append, group_repeats
from seqdsl.picture.delayed_rows import is_delayed
from seqdsl.records import record
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from seqdsl.lowering.units import Units
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.earlier import Earlier
    from seqdsl.picture.trace import Producer

NOTHING, ONE = Size.of(0), Size.of(1)
BEFORE = Size.of(-1)
"""The step before the first one."""


@record(frozen=True)
class Run:
    """So many steps of a delayed block that give ``block`` at ``start``, ``start + stride``, ...

    Attributes:
        first: the first of these steps.
        count: how many they are.
        block: the block whose values they give.
        start: the step of it that the first one gives; -1 if they are before its first step.
        stride: 1, or 0 where all give the same.
    """

    first: Size
    count: Size
    block: int
    start: Size
    stride: int


class Unclear(Exception):
    """An ellipsis between delayed nodes that are not as far apart as the steps they give."""


@record(frozen=True)
class Delays:
    """What the delayed blocks of a picture give.

    Attributes:
        blocks: all blocks, delayed ones last.
        first: the number of the first delayed block.
        runs: what the steps of each delayed block give, by block.
        number: a size as a number, to compare it with others.
        initial: what a block gives before its first step; ``None``: zero.
        earlier: what each delayed unit gives, in their order.
    """

    blocks: Sequence[DrawnBlock]
    first: int
    runs: Mapping[int, tuple[Run, ...]]
    number: Callable[[Size], int]
    initial: Callable[[int, Size], StridedAccess | None]
    earlier: Sequence[Earlier | None]

    def given_by(self, unit: int) -> tuple[int, ...]:
        """The drawn nodes whose value a delayed unit gives: of an elided step, those on both sides of its ellipsis.

        None, if it is before the first step of its letter.
        """
        item = self.earlier[unit - self.blocks[self.first].first]
        if item is None:
            return ()
        block = self.blocks[item.block]
        drawn = (item.drawn - 1, item.drawn) if item.back else (item.drawn,)
        return tuple(block.first + one for one in drawn if 0 <= one < block.count)

    def of(self, accesses: Iterable[Access]) -> tuple[Access, ...]:
        """The same accesses, of the blocks whose values are given."""
        # S, then y at 0 to 2, which give Y before its first step, at 0 and at 1: S, a zero, Y at 0 and 1.
        found: list[Access] = []
        for access in accesses:
            if isinstance(access, ZeroSteps) or access.block < self.first:
                append(found, access)
                continue
            for item in self._substituted(access):
                append(found, item)
        return tuple(group_repeats(found))

    def marked(self, accesses: Iterable[Access]) -> tuple[Access, ...]:
        """Accesses that only tell which steps read a bus, of blocks that are there."""
        return tuple(
            access
            if isinstance(access, ZeroSteps) or access.block < self.first
            else replace(access, block=self.runs[access.block][0].block, start=NOTHING, stride=0)
            for access in accesses
        )

    def _substituted(self, access: StridedAccess) -> Iterator[Access]:
        runs = self.runs[access.block]
        run = self._only(access, runs)
        if run is not None:
            yield self._given(
                run, access.start - run.first, access.count, access.stride, access.each
            )
        elif access.each == 1 and abs(access.stride) == 1:
            yield from self._across(access, runs)
        else:
            yield from self._one_by_one(access, runs)

    def _only(self, access: StridedAccess, runs: Sequence[Run]) -> Run | None:
        """The run in which all steps of an access are."""
        last = access.start + (access.groups - 1) * access.stride
        ends = self.number(access.start), self.number(last)
        for run in runs:
            low = self.number(run.first)
            high = low + self.number(run.count)
            if all(low <= end < high for end in ends):
                return run
        return None

    def _across(self, access: StridedAccess, runs: Sequence[Run]) -> Iterator[Access]:
        """An access step by step, cut where a run ends; backward, the last run comes first."""
        last = access.start + (access.count - 1) * access.stride
        low, high = (access.start, last) if access.stride > 0 else (last, access.start)
        for run in runs[:: access.stride]:
            first = max(low, run.first, key=self.number)
            end = min(high, run.first + run.count - 1, key=self.number)
            count = end - first + 1
            if self.number(count) > 0:
                start = first if access.stride > 0 else end
                yield self._given(run, start - run.first, count, access.stride, 1)

    def _one_by_one(self, access: StridedAccess, runs: Sequence[Run]) -> Iterator[Access]:
        """An access that leaves out steps, of runs that end: as long as these are short, step after step."""
        # Every second y of `-1 | 0 1 2 3 4`, from the first on: the one before the first step, then Y at 1, 3.
        left, at = access.groups, access.start
        for _ in range(len(runs) * 64):
            if self.number(left) <= 0:
                return
            rest = replace(access, start=at, count=left * access.each)
            run = self._only(rest, runs)
            if run is not None:
                yield self._given(run, at - run.first, rest.count, access.stride, access.each)
                return
            here = self._only(replace(rest, count=ONE, each=1), runs)
            assert here is not None
            yield self._given(here, at - here.first, Size.of(access.each), 0, 1)
            left, at = left - 1, at + access.stride
        raise Unclear

    def _given(self, run: Run, offset: Size, count: Size, stride: int, each: int) -> Access:
        """What ``count`` steps give of which the first is ``offset`` steps behind the first of a run."""
        if run.start == BEFORE:
            initial = self.initial(run.block, count)
            return ZeroSteps(count, run.block) if initial is None else initial
        start = run.start + offset * run.stride
        stride = stride * run.stride
        each = each if stride else 1
        if count == ONE:
            stride = 1
        return StridedAccess(run.block, start, count, stride, each=each, earlier=True)


def before_first(units: Units, sources: Sequence[Producer]) -> Diagnostic:
    """The finding about a bus that leads a delayed node before the first step of its letter: that is no value."""
    delayed = (item for item in sources if isinstance(item, int))
    unit = next(item for item in delayed if is_delayed(units.block(item).letter))
    letter = units.block(unit).letter
    return Diagnostic(
        "SEQ216",
        f"a bus leads `{letter}` before the first step of `{letter.upper()}`, where there is no value",
        units.span(unit),
        "draw what is to be read there in its place, or leave it off the bus",
    )
