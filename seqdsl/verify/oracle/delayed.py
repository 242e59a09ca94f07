"""steps of delayed nodes → the values that they give: those of the nearest step of their letter to their left.

Y Y Y      the first `y` has no `Y` to its left; the second one gives the first `Y`, as the second `Y` depends on it
D D D
y y y
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.verify.oracle.steps import BEFORE, FINAL, Place, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.verify.oracle.steps import Operands
    from seqdsl.verify.oracle.wires import Wires

    Moment = tuple[int, int, int]
    Readers = Mapping[Source, Sequence[Source]]


def resolved(
    wires: Wires, operands: Sequence[Sequence[Operands]]
) -> tuple[tuple[Operands, ...], ...]:
    """What all steps read, with the values that delayed nodes give in the place of these."""
    count = len(wires.drawing.blocks)
    if count == len(wires.blocks):
        return tuple(tuple(block) for block in operands)
    given = _given(wires, operands)
    return tuple(
        _begun([tuple(_resolved(place, given, count) for place in step) for step in block])
        for block in operands
    )


def _begun(steps: Sequence[Operands]) -> tuple[Operands, ...]:
    """The steps of a block, in which each delayed node has what its row reads in front of the first of them.

    ::

        D D D D      operands `S`, `y`, `y`, `y`: before Y has a valid step, each `y` is S
        S y y y
    """
    if not any(place and place.earlier for step in steps for place in step):
        return tuple(steps)
    fronts: list[Place | None] = [None] * max(map(len, steps))
    found = []
    for step in steps:
        here = list(step)
        for column, place in enumerate(step):
            if place is None or not place.earlier or place.sources[0].step == BEFORE:
                fronts[column] = place
            else:
                here[column] = replace(place, before=fronts[column])
        found.append(tuple(here))
    return tuple(found)


def _resolved(place: Place | None, given: Mapping[Source, Source], count: int) -> Place | None:
    if place is None or all(source.block < count for source in place.sources):
        return place
    sources = tuple(given.get(source, source) for source in place.sources)
    return replace(place, sources=sources, earlier=True)


def _given(wires: Wires, operands: Sequence[Sequence[Operands]]) -> dict[Source, Source]:
    """The value of every step of every delayed block."""
    moments = _Moments(wires)
    readers = _readers(wires, operands)
    given: dict[Source, Source] = {}
    count = len(wires.drawing.blocks)
    for index, delayed in enumerate(wires.drawing.delayed, count):
        letter = delayed.letter.upper()
        # A letter is one block, but for the parts of one that is applied to each of them.
        own = [at for at, block in enumerate(wires.drawing.blocks) if block.letter == letter]
        # The steps of the letter from right to left.
        steps = sorted(
            (Source(at, step) for at in own for step in range(wires.counts[at])),
            key=moments.of,
            reverse=True,
        )
        for step in range(wires.counts[index]):
            here = Source(index, step)
            above = _above(here, readers, count)
            left = (one for one in steps if moments.of(one) < moments.of(here) and one not in above)
            given[here] = next(left, Source(own[0], BEFORE))
        given |= _numbered(index, wires.counts[index], given)
    return given


def _numbered(index: int, count: int, given: Mapping[Source, Source]) -> dict[Source, Source]:
    """The steps before the first one of a letter, counted back from it."""
    # y y y y    where the third one gives the first Y, the second one is the step before that, the first one step more
    before = [step for step in range(count) if given[Source(index, step)].step <= BEFORE]
    return {
        Source(index, step): Source(given[Source(index, step)].block, BEFORE - back)
        for back, step in enumerate(reversed(before))
    }


def _readers(wires: Wires, operands: Sequence[Sequence[Operands]]) -> dict[Source, list[Source]]:
    """The steps that read each step; not over a bus that leads several steps of one row together."""
    readers: dict[Source, list[Source]] = {}
    for index, block in enumerate(operands):
        for step, places in enumerate(block):
            for place in filter(None, places):
                # +-+-+    a bus of D at 0 and at 1: neither of both is what a node above it belongs to
                rows = [source.block for source in place.sources]
                if len(set(rows)) < len(rows):
                    continue
                for source in place.sources:
                    readers.setdefault(source, []).append(Source(index, step))
    return readers


def _above(start: Source, readers: Readers, count: int) -> set[Source]:
    """All steps that depend on one over wires."""
    found: set[Source] = set()
    waiting = [start]
    while waiting:
        for reader in readers.get(waiting.pop(), ()):
            # What another delayed node gives is of a later step.
            if reader not in found and reader.block < count:
                found.add(reader)
                waiting.append(reader)
    return found


class _Moments:
    """When each step is: by its column and, where it is elided, by its number within its stretch of time.

     y y ... y       drawn before the ellipsis (0, 0, column), elided (1, number, column of the node before it),
    Y Y ... Y        drawn behind it (2, 0, column): an elided `y` has all `Y` of smaller numbers to its left
    """

    def __init__(self, wires: Wires) -> None:
        self.wires = wires
        self.ends = _stretches(wires)
        self._of = {
            source: moment
            for index, block in enumerate(wires.blocks)
            for source, moment in self._block(index, block)
        }

    def of(self, source: Source) -> Moment:
        """The moment of a step."""
        return self._of[source]

    def _block(self, index: int, block: DrawnBlock) -> Iterator[tuple[Source, Moment]]:
        columns = [self.wires.corner(block.first + node)[0] for node in range(block.count)]
        steps = [self.wires.at[block.first + node].step for node in range(block.count)]
        for step, column in zip(steps, columns, strict=True):
            yield Source(index, step), (2 * self._before(column), 0, column)
        row = self.wires.drawing.grid[block.row]
        for item, (after, size) in zip(block.stretches, self.wires.gaps(index), strict=True):
            first = steps[after - 1] + 1 if after else 0
            beside = columns[after - 1] if after else columns[0]
            part = 2 * self._before(row.columns[item.mark] + 1) - 1
            for number in range(size):
                yield Source(index, first + number), (part, number + 1, beside)

    def _before(self, column: int) -> int:
        """How many stretches of time begin to the left of a column."""
        return sum(start < column for start, _ in self.ends)


def _stretches(wires: Wires) -> list[tuple[int, int]]:
    """Where each stretch of time begins and ends: ellipses whose columns overlap are one."""
    spans = sorted(
        (row.columns[mark], end) for row in wires.drawing.grid for mark, end in row.ends.items()
    )
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


__all__ = ["BEFORE", "FINAL", "resolved"]
