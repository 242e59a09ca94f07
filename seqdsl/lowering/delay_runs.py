"""delayed blocks → runs: of which steps of which blocks they give the values.

Y Y ... Y        n steps
D D ... D
S y ... y        n - 1 steps: one run, Y from step 0 on; without `S`, one step before the first one, then that run
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from seqdsl.lowering.before import Before
from seqdsl.lowering.delays import BEFORE, NOTHING, ONE, Delays, Run, Unclear
from seqdsl.lowering.stretches import find_stretches
from seqdsl.picture.delayed_rows import delayed_ellipses
from seqdsl.picture.earlier import find_earlier
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.lowering.lengths import Lengths
    from seqdsl.lowering.operands import Reader
    from seqdsl.lowering.wired import Wired
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.earlier import Earlier
    from seqdsl.picture.grid import GridRow
    from seqdsl.size import Size


class Step(NamedTuple):
    """A step of a block; -1 is before its first one."""

    block: int
    at: Size


def has_own_length(grid: Sequence[GridRow], block: DrawnBlock) -> bool:
    """Whether the ellipses of a delayed block are its own: a name over one of `d M ..n.. d M` is that of `M`."""
    return {item.mark for item in block.stretches} <= delayed_ellipses(grid[block.row])


def find_delays(
    wired: Wired, lengths: Lengths, values: Mapping[str, int], reader: Reader
) -> tuple[Delays | None, list[Diagnostic]]:
    """What the delayed blocks of a picture give; ``None`` if there is an error.

    Args:
        wired: the wires.
        lengths: how long everything is.
        values: the parameters that the file sets.
        reader: reads wires, with delayed blocks as blocks.
    """
    blocks, delayed = wired.blocks, wired.delayed
    earlier = find_earlier(wired.grid, blocks, delayed, wired.traced)
    runs, diagnostics = _find_runs(wired, earlier, lengths)
    start = Before(wired, reader)
    for block in delayed:
        diagnostics += start.problems(block)
    if diagnostics:
        return None, diagnostics
    number = partial(lengths.number, values=values)
    return Delays([*blocks, *delayed], len(blocks), runs, number, start.access, earlier), []


def _find_runs(
    wired: Wired, earlier: Sequence[Earlier | None], lengths: Lengths
) -> tuple[dict[int, tuple[Run, ...]], list[Diagnostic]]:
    """What the steps of each delayed block give, by its number: those of all blocks come first."""
    finder = _Finder(wired.blocks, lengths, find_stretches(wired.grid))
    runs: dict[int, tuple[Run, ...]] = {}
    diagnostics = []
    place = 0
    for index, block in enumerate(wired.delayed, len(wired.blocks)):
        part = earlier[place : place + block.count]
        place += block.count
        try:
            runs[index] = finder.runs(block, part)
        except Unclear as error:
            (mark,) = error.args
            capital = block.letter.upper()
            diagnostics.append(
                Diagnostic(
                    "SEQ310",
                    f"the steps of `{capital}` that the elided `{block.letter}` give are ambiguous",
                    wired.grid[block.row].span(mark),
                    f"draw `...` in the row of `{capital}` in the same columns, between the same nodes",
                )
            )
    return runs, diagnostics


_Piece: TypeAlias = "tuple[Size, Step, int]"
"""So many steps, what the first one gives, and the stride to what the others give."""


class _Finder:
    """Finds what the steps of delayed blocks give."""

    def __init__(
        self,
        blocks: Sequence[DrawnBlock],
        lengths: Lengths,
        stretches: Mapping[tuple[int, int], int],
    ) -> None:
        self.blocks, self.lengths, self.stretches = blocks, lengths, stretches
        self.letters: dict[str, int] = {}
        for index, block in enumerate(blocks):
            self.letters.setdefault(block.letter, index)

    def runs(self, block: DrawnBlock, earlier: Sequence[Earlier | None]) -> tuple[Run, ...]:
        """What the steps of one delayed block give.

        Raises:
            Unclear: an ellipsis of it is between nodes that do not tell what it elides.
        """
        # y y ... y    a piece of one step for each drawn node, and one for the ellipsis: 1, 1, n - 3 and 1 steps
        steps = [self._step(block, item) for item in earlier]
        pieces: list[_Piece] = []
        at = 0
        for stretch in block.stretches:
            pieces += [(ONE, step, 0) for step in steps[at : stretch.after]]
            size = self.lengths.elided[block.row, stretch.mark]
            if size != NOTHING:
                pieces.append(self._elided(block, steps, stretch.after, stretch.mark, size))
            at = stretch.after
        pieces += [(ONE, step, 0) for step in steps[at:]]
        return tuple(_joined(pieces))

    def _step(self, block: DrawnBlock, item: Earlier | None) -> Step:
        if item is None:
            return Step(self.letters[block.letter.upper()], BEFORE)
        position = self.lengths.position(self.blocks[item.block], item.drawn) - item.back
        return Step(item.block, position)

    def _elided(
        self, block: DrawnBlock, steps: Sequence[Step], after: int, mark: int, size: Size
    ) -> _Piece:
        """What the steps of an ellipsis give: one after the other, or all the same.

        ::

            y ... y      between Y at 0 and Y at n - 1, n - 2 steps: Y at 1, 2, ...
            y ...        behind Y at 0: Y at 1, 2, ... if an ellipsis of Y is of the same stretch of time
        """
        if 0 < after < len(steps):
            left, right = steps[after - 1 : after + 1]
            if left.block != right.block or (right.at - left.at not in (NOTHING, size + 1)):
                raise Unclear(mark)
            stride = int(right.at != left.at)
            return size, Step(left.block, left.at + stride), stride
        beside = steps[-1 if after else 0]
        key = self.stretches[block.row, mark]
        row = self.blocks[beside.block]
        goes_on = any(self.stretches[row.row, item.mark] == key for item in row.stretches)
        if not goes_on:
            return size, beside, 0
        return size, Step(beside.block, beside.at + 1 if after else beside.at - size), 1


def _joined(pieces: Sequence[_Piece]) -> Iterator[Run]:
    """Runs of pieces that go on where the one before them ends; what is before the first step is a run by itself."""
    first = NOTHING
    run: Run | None = None
    for count, step, stride in _cut(pieces):
        if run is not None and (joined := _together(run, count, step, stride)) is not None:
            run = joined
        else:
            if run is not None:
                yield run
            run = Run(first, count, step.block, step.at, stride)
        first = first + count
    if run is not None:
        yield run


def _cut(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    for count, step, stride in pieces:
        # -1 0 1 2: the first one is before the first step.
        if step.at == BEFORE and stride and count != ONE:
            yield ONE, step, 0
            yield count - 1, Step(step.block, NOTHING), stride
        else:
            yield count, step, stride


def _together(run: Run, count: Size, step: Step, stride: int) -> Run | None:
    if run.block != step.block:
        return None
    before = run.start == BEFORE, step.at == BEFORE
    if any(before):
        return replace(run, count=run.count + count) if all(before) else None
    # A single step has no stride of its own.
    for common in (1, 0):
        fits = (run.stride == common or run.count == ONE) and (stride == common or count == ONE)
        if fits and step.at == run.start + run.count * common:
            return replace(run, count=run.count + count, stride=common)
    return None
