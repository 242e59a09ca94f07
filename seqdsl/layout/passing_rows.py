r"""wiring → the same with rows that pass values on side by side, where what reads them could not be wired to them.

A          A         `A` adds `H` to `X` and `Z` side by side: these are one wire, so a row `J` joins them. So it is
|\         |\        for what asks, or is attended to, for what a convolution reads of a row but not as a whole, and
H ?   ->   H J       for more values than a bus can have in their order.
|\
                 X Z
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layers import Family, all_layers
from seqdsl.layout.reading import family_of, reads
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps, Wiring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.layout.wiring import Operand, Part

_PASSING = next(name for name, item in all_layers().items() if item.family is Family.IDENTITY)
_WINDOWED = "dense("
"""A row that is a convolution where its nodes read several steps of one row; of one value each it is not."""
_SIDES = 3
"""How many wires enter a node."""


class Split(Enum):
    """What of many values side by side is joined in rows of their own, for those that no one bus has in their order."""

    NOTHING = "nothing"
    ROWS = "several steps of one row"
    THREES = "three by three"


def with_passing_rows(wiring: Wiring, order: Sequence[int], split: Split = Split.NOTHING) -> Wiring:
    """The wiring with rows that pass values on, where they are needed.

    Args:
        wiring: the wiring.
        order: the order of its blocks, each behind those that it reads.
        split: what of many values side by side is joined.
    """
    return _Writer(wiring, split).run(order)


def reading_order(wiring: Wiring) -> list[int]:
    """The blocks in the order in which results read them: what is concatenated first stands at the left.

    However the blocks of a model are numbered, it is drawn the same.
    """
    order: dict[int, None] = dict.fromkeys(wiring.inputs)
    # Without recursion, as a model may have a thousand blocks on each other: a block is done when its sources are.
    waiting = [*reversed(range(len(wiring.blocks))), *reversed(wiring.outputs)]
    while waiting:
        at = waiting[-1]
        sources = dict.fromkeys(source.block for source in reads(wiring.blocks[at]))
        open_sources = [source for source in sources if source not in order]
        if open_sources:
            waiting += reversed(open_sources)
        else:
            order.setdefault(waiting.pop())
    return list(order)


def has_many(wiring: Wiring) -> bool:
    """Whether some step reads more than three values side by side, or a row begins with several."""
    begun = (block.initial for block in wiring.blocks if isinstance(block.initial, Begun))
    if any(len(initial.sources) > 1 for initial in begun):
        return True
    operands = (operand for block in wiring.blocks for operand in block.operands)
    return any(
        len(step) > _SIDES for item in operands if isinstance(item, Steps) for step in item.of
    )


class _Writer:
    def __init__(self, wiring: Wiring, split: Split) -> None:
        self.wiring, self.split = wiring, split
        self.used: list[set[int]] = [set() for _ in wiring.blocks]
        for block in wiring.blocks:
            for source in reads(block):
                self.used[source.block].add(source.step)
        found = (source for block in wiring.blocks for source in reads(block))
        self.stepwise = {source.block for source in found if not source.final}
        self.blocks: list[Block] = []
        # The new number of each block; further rows stand before what reads them.
        self.at: dict[int, int] = {}

    def run(self, order: Sequence[int]) -> Wiring:
        wiring = self.wiring
        for at in order:
            changed = self._block(wiring.blocks[at])
            self.at[at] = len(self.blocks)
            self.blocks.append(changed)
        inputs, outputs = (
            tuple(self.at[at] for at in ends) for ends in (wiring.inputs, wiring.outputs)
        )
        return replace(wiring, blocks=tuple(self.blocks), inputs=inputs, outputs=outputs)

    def _block(self, block: Block) -> Block:
        initial = block.initial
        if isinstance(initial, Passed):
            initial = Passed(self.at[initial.block])
        elif isinstance(initial, Begun):
            sources = tuple(map(self._source, initial.sources))
            initial = self._begun(replace(initial, sources=sources))
        read = tuple(self._read(self._moved(operand), block) for operand in block.operands)
        return replace(block, operands=read, initial=initial)

    def _begun(self, initial: Begun) -> Begun:
        """An initial state of several values, by way of a node that joins them: a bus takes them from left to right."""
        if self.split is Split.NOTHING or len(initial.sources) < 2:
            return initial
        (sources,) = self._by_threes([initial.sources], None)
        return replace(initial, sources=tuple(self._row([sources], None)))

    def _read(self, operand: Operand, block: Block) -> Operand:
        """An operand, by way of another row where the block cannot be wired to it."""
        if isinstance(operand, Bus):
            return operand
        wide = max(map(len, operand.of), default=0)
        if self._reads_single(operand, block, wide):
            return self._joined(operand, block)
        if self.split is Split.NOTHING or wide <= _SIDES:
            return operand
        read = self._by_rows(operand, block)
        return self._in_threes(read, block) if self.split is Split.THREES else read

    def _reads_single(self, operand: Steps, block: Block, wide: int) -> bool:
        """Whether each step has to read one value."""
        family = family_of(block)
        # What is combined, or asks, is one value at each step.
        if family in (Family.COMBINATION, Family.ATTENTION):
            return wide > 1
        if family is Family.WINDOW:
            return not self._reads_whole(block)
        is_windowed = block.call.startswith(_WINDOWED) and block.steps is not None
        return is_windowed and _has_neighbors(operand)

    def _source(self, source: Source) -> Source:
        """A source by its new number; a final state of one direction is what its last step gives."""
        block = self.wiring.blocks[source.block]
        # +-G<G<G    From the first `G` no wire has to lead around the others, unless they are read as well.
        is_alone = source.block not in self.stepwise
        if source.final and is_alone and block.direction is not Direction.BIDIRECTIONAL:
            last = 0 if block.direction is Direction.BACKWARD else (block.steps or 1) - 1
            source = Source(source.block, last)
        return replace(source, block=self.at[source.block])

    def _moved(self, operand: Operand) -> Operand:
        if isinstance(operand, Bus):
            return replace(operand, sources=tuple(map(self._source, operand.sources)))
        return Steps(tuple(tuple(map(self._part, step)) for step in operand.of))

    def _part(self, part: Part) -> Part:
        return None if part is None else self._source(part)

    def _reads_whole(self, block: Block) -> bool:
        """Whether all steps of one row, or of several side by side, are read in their order."""
        lanes = [lane for operand in block.operands for lane in zip(*_steps(operand), strict=False)]
        return all(lane[0] is not None and self._is_whole(lane[0].block, lane) for lane in lanes)

    def _is_whole(self, at: int, lane: tuple[Part, ...]) -> bool:
        block = self.wiring.blocks[at]
        steps: Sequence[int] = range(block.steps or 0)
        # Of windows only those are drawn that are read.
        if family_of(block) is Family.WINDOW:
            steps = sorted(self.used[at])
        return lane == tuple(Source(at, step) for step in steps)

    def _joined(self, operand: Steps, block: Block) -> Steps:
        """An operand by way of a row that joins what each step reads."""
        of: Sequence[tuple[Part, ...]] = operand.of
        if self.split is Split.THREES:
            of = self._by_threes(of, block.steps)
        return Steps(tuple((source,) for source in self._row(of, block.steps)))

    def _by_rows(self, operand: Steps, block: Block) -> Steps:
        """An operand of a vector in which several steps of one row, one after the other, are one value."""
        # h.last, d, c[0], c[1], c[2]: a flattened row beside others is joined first.
        if len(operand.of) > 1:
            return operand
        found: list[Part] = []
        for _, of in groupby(operand.of[0], key=lambda part: part and part.block):
            parts = tuple(of)
            found += self._row([parts], block.steps) if len(parts) > 1 else parts
        return Steps((tuple(found),))

    def _in_threes(self, operand: Steps, block: Block) -> Steps:
        """An operand of at most three values at each step."""
        return Steps(tuple(self._by_threes(operand.of, block.steps)))

    def _by_threes(
        self, steps: Sequence[tuple[Part, ...]], count: int | None
    ) -> Sequence[tuple[Part, ...]]:
        """What steps read, as at most three values each, of which the first joins all others."""
        while max(map(len, steps)) > _SIDES:
            first = self._row([step[:_SIDES] for step in steps], count)
            steps = [(source, *step[_SIDES:]) for source, step in zip(first, steps, strict=True)]
        return steps

    def _row(self, read: Sequence[tuple[Part, ...]], steps: int | None) -> list[Source]:
        """The steps of a row that passes values on: of one that is there, or a new one."""
        wanted = Block("", _PASSING, steps, (Steps(tuple(read)),))
        for at, block in enumerate(self.blocks):
            if replace(block, layer="") == wanted:
                return [Source(at, step) for step in range(len(read))]
        at = len(self.blocks)
        count = sum(block.layer.startswith(_PASSING) for block in self.blocks)
        name = f"{_PASSING}_{count + 1}"
        self.blocks.append(replace(wanted, layer=name))
        return [Source(at, step) for step in range(len(read))]


def _has_neighbors(operand: Steps) -> bool:
    """Whether some step reads several steps of one row."""
    rows = ([part.block for part in step if part is not None] for step in operand.of)
    return any(len(set(row)) < len(row) for row in rows)


def _steps(operand: Operand) -> tuple[tuple[Part, ...], ...]:
    return operand.of if isinstance(operand, Steps) else ()
