r"""columns → where steps are wired like those beside them: only there may an ellipsis replace steps.

    Y                 From the third step on `F` reads two steps: the first two are drawn, and one like those that
    |                 are left out. The last but one, which `Y` reads, is drawn as well.
F F F ... F F F
|/|/|    /|/|/|       Every second step of a row has another one over it: then two steps are a *period*, and as many
X X X ... X X X       periods are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from itertools import pairwise, zip_longest
from math import lcm
from typing import TYPE_CHECKING

from seqdsl.layout.reading import main_steps, reads_of
from seqdsl.layout.wiring import Begun, Bus, Steps
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.layout.frames import Frames
    from seqdsl.layout.wiring import Block, Operand, Part, Source

_LONGEST = 64
"""Steps of the longest period."""

Place = tuple[int, int]
"""A frame, and a time of it."""


@record(frozen=True)
class Regular:
    """How a stretch of time is regular.

    Attributes:
        period: the number of times after which the wires repeat.
        before: how many times at the beginning have to be drawn.
        behind: how many at the end.
        phase: from which of its first times on periods are counted, so that none ends within what one step reads.
    """

    period: int
    before: int
    behind: int
    phase: int = 0


class Regularity:
    """Finds how times are wired, and which of them are read by what is not one over the other with them.

    Attributes:
        wires: the wires into the steps of each time, as distances to their sources.
        readers: what reads a time by itself: a vector, a bus, a row elsewhere.
        gaps: how far apart the steps of rows are, in each frame.
        spans: the first and the last time that a step reads of a row, where the next step reads others.
    """

    def __init__(self, frames: Frames) -> None:
        """Find it in what is drawn."""
        self.frames, self.blocks = frames, frames.wiring.blocks
        self.slots = [frames.slots(at) for at in range(len(self.blocks))]
        self.wires: dict[Place, set[object]] = defaultdict(set)
        self.readers: dict[Place, set[object]] = defaultdict(set)
        self.gaps: dict[int, set[int]] = defaultdict(set)
        self.spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for at, block in enumerate(self.blocks):
            self._add_places(at)
            for number, operand in enumerate(block.operands):
                self._add_operand(at, number, operand)
            self._add_spans(at, block)
            if isinstance(block.initial, Begun):
                for source in block.initial.sources:
                    self._read(source, at)

    def find(self, frame: int, low: int, high: int) -> list[Regular]:
        """What is regular from one time of a frame to before another one, what leaves out most first."""
        found = [
            way for period in self._periods(frame) for way in self._with(period, frame, low, high)
        ]
        # Of two that leave out as many steps, the shorter period, which comes first.
        return sorted(found, key=lambda way: way.before + way.behind)

    def _periods(self, frame: int) -> list[int]:
        gaps = self.gaps[frame] | {1}
        both = lcm(*gaps)
        return sorted(gaps | ({both} if both <= _LONGEST else set()))

    def _with(self, period: int, frame: int, low: int, high: int) -> Iterator[Regular]:
        """What is regular with a period."""
        wired = [self.wires[frame, slot] for slot in range(low, high)]
        for first, last in _runs(high - low - period, lambda at: wired[at] == wired[at + period]):
            end = last + period
            # Steps that others read by themselves need no neighbor that is like those that are left out.
            read = [self.readers[frame, slot] for slot in range(low + first, low + end)]
            alike = partial(_is_again, read, period)
            start, stop = max(_runs(len(read) - period, alike), key=_length, default=(0, 0))
            before = first + period if first else 0
            behind = high - low - end + period if end < high - low else 0
            left = high - low - (first + stop + period)
            phase = self._phase(period, frame, low)
            yield Regular(period, max(before, first + start), max(behind, left), phase)

    def _phase(self, period: int, frame: int, low: int) -> int:
        #   A       A        of two steps each: from the first time on, an ellipsis would part what the second `A` reads
        #  / \     / \
        # C   C   C   C
        def parted(phase: int) -> int:
            return sum((high - low - phase) % period < high - first for first, high in spans)

        spans = self.spans[frame]
        return min(range(period), key=parted)

    def _add_places(self, at: int) -> None:
        frame, slots = self.frames.frame[at], self.slots[at]
        if len(slots) < 2:
            # A vector is always drawn.
            self.readers[frame, slots[0]].add(at)
            return
        for slot in slots:
            self.wires[frame, slot].add(at)
        gap = Counter(right - left for left, right in pairwise(slots)).most_common(1)[0][0]
        if 0 < gap <= _LONGEST:
            self.gaps[frame].add(gap)

    def _add_operand(self, at: int, number: int, operand: Operand) -> None:
        if isinstance(operand, Bus):
            for source in reads_of(operand):
                self._read(source, (at, number))
            for step in operand.entered or ():
                # Nodes that it does not enter are not like those that it enters.
                self.wires[self.frames.frame[at], self.slots[at][step]].add((at, number, "bus"))
            return
        assert isinstance(operand, Steps)
        for lane, parts in enumerate(zip_longest(*operand.of)):
            # One value for all steps comes by a bus, and is no nearer to some.
            is_bus = len(parts) > 1 and len(set(parts)) == 1
            for step, part in enumerate(parts):
                self._add_wire(at, step, (number, lane), part, is_bus=is_bus)

    def _add_wire(self, at: int, step: int, lane: object, part: Part, *, is_bus: bool) -> None:
        slots, frame = self.slots[at], self.frames.frame[at]
        if part is not None and not is_bus and self._is_beside(at, part):
            own = self.frames.columns[at][step]
            wire: object = (part.block, self.frames.of(part) - own)
        else:
            wire = part
            if part is not None:
                self._read(part, (at, None if is_bus else step))
        if len(slots) > 1:
            self.wires[frame, slots[step]].add((at, lane, wire))

    def _add_spans(self, at: int, block: Block) -> None:
        read = [self._times(at, parts) for parts in main_steps(block)]
        known = [(min(of), max(of)) for of in read if of]
        if all(one[1] < other[0] for one, other in pairwise(known)):
            self.spans[self.frames.frame[at]] += known

    def _times(self, at: int, parts: Sequence[Part]) -> list[int]:
        """The times of what a step reads of rows of its frame."""
        read = (part for part in parts if part is not None and self._is_beside(at, part))
        return [self.slots[part.block][part.step] for part in read]

    def _is_beside(self, at: int, part: Source) -> bool:
        """Whether a row reads a step of another one of its frame."""
        is_row = len(self.slots[at]) > 1 and len(self.slots[part.block]) > 1
        return is_row and not part.final and self.frames.frame[at] == self.frames.frame[part.block]

    def _read(self, part: Source, by: object) -> None:
        slots = self.slots[part.block]
        if not part.final and part.step >= 0 and len(slots) > 1:
            self.readers[self.frames.frame[part.block], slots[part.step]].add((part.block, by))


def steady(found: Sequence[Regular], others: Sequence[Sequence[Regular]]) -> Regular | None:
    """What of a stretch is left out: what is regular between as many steps at other lengths, too.

    ::

        Y Y ... Y Y Y Y      `Y` reads the last four steps, and nothing else at any length: so others are left out,
                | | | |      however few they are where it is drawn.
        X X ... X X X X

    Args:
        found: what is regular where it is drawn, what leaves out most first.
        others: what is so at other lengths.
    """

    def known(way: Regular) -> int:
        return sum(any(_is_like(way, other) for other in of) for of in others)

    return max(found, key=known, default=None)


def _is_like(one: Regular, other: Regular) -> bool:
    return (one.period, one.before, one.behind) == (other.period, other.before, other.behind)


def _is_again(items: Sequence[object], period: int, at: int) -> bool:
    return items[at] == items[at + period]


def _length(run: tuple[int, int]) -> int:
    return run[1] - run[0]


def _runs(count: int, holds: Callable[[int], bool]) -> Iterator[tuple[int, int]]:
    """The runs of numbers below another one for which something holds, from the first to before the last."""
    first = 0
    for at in range(max(count, 0) + 1):
        if at >= count or not holds(at):
            if at > first:
                yield first, at
            first = at + 1
