r"""wiring → the same with only those windows of convolutions that are read: the others are not drawn.

    Y                  Y
    |                  |            of six windows three are read, as Keras's `valid` has it, or every second one
  +-+-+              +-+-+
  | | |              | | |
C C C C C    ->      C C C
| | | | |            | | |
X X X X X          X X X X X
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.layout.reading import family_of, reads
from seqdsl.layout.wiring import Begun, Bus, Passed, Source, Steps, Wiring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.layout.wiring import Block, Operand, Part

Kept = dict[int, dict[int, int]]
"""Blocks that are drawn in part: the number of each drawn step among those that are drawn."""


def trimmed(wiring: Wiring) -> Wiring:
    """The wiring with the steps of convolutions that something reads, and without outputs that only pick them."""
    used, readers = _readers(wiring)
    kept: Kept = {
        at: {step: place for place, step in enumerate(sorted(used[at]))}
        for at, block in enumerate(wiring.blocks)
        if family_of(block) is Family.WINDOW and at in used
    }
    # C C C is itself the result where an `output` row only picks these of its steps.
    picked = {
        min(readers[at]): at
        for at in kept
        if len(readers[at]) == 1 and _picks(wiring, min(readers[at]), at, kept[at])
    }
    return _Trimmer(wiring, kept, picked).run() if kept else wiring


def _readers(wiring: Wiring) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """The steps of each block that are read, and the blocks that read it."""
    used: dict[int, set[int]] = {}
    readers: dict[int, set[int]] = {}
    for at, block in enumerate(wiring.blocks):
        for source in reads(block):
            used.setdefault(source.block, set()).add(source.step)
            readers.setdefault(source.block, set()).add(at)
    return used, readers


def _picks(wiring: Wiring, at: int, source: int, kept: Mapping[int, int]) -> bool:
    """Whether a block is an output that is just the steps of another one that are read."""
    block = wiring.blocks[at]
    wanted = Steps(tuple((Source(source, step),) for step in kept))
    is_result = family_of(block) is Family.OUTPUT and at in wiring.outputs
    return is_result and block.operands == (wanted,)


class _Trimmer:
    """Numbers blocks and steps anew.

    Attributes:
        at: the new number of each block; of an output that picks steps that of what it picks.
    """

    def __init__(self, wiring: Wiring, kept: Kept, picked: Mapping[int, int]) -> None:
        self.wiring, self.kept, self.picked = wiring, kept, picked
        left = [at for at in range(len(wiring.blocks)) if at not in picked]
        self.at = {at: number for number, at in enumerate(left)}
        self.at |= {at: self.at[source] for at, source in picked.items()}

    def run(self) -> Wiring:
        wiring = self.wiring
        blocks = [
            self._block(at, block)
            for at, block in enumerate(wiring.blocks)
            if at not in self.picked
        ]
        inputs, outputs = (
            tuple(self.at[at] for at in ends) for ends in (wiring.inputs, wiring.outputs)
        )
        return replace(wiring, blocks=tuple(blocks), inputs=inputs, outputs=outputs)

    def _block(self, at: int, block: Block) -> Block:
        initial = block.initial
        if isinstance(initial, Passed):
            initial = Passed(self.at[initial.block])
        elif isinstance(initial, Begun):
            initial = replace(initial, sources=tuple(map(self._source, initial.sources)))
        operands = tuple(self._operand(at, item) for item in block.operands)
        steps = block.steps
        if at in self.kept:
            # One window of a sequence that is read as a vector is one.
            is_vector = any(
                self.wiring.blocks[output].steps is None
                for output, source in self.picked.items()
                if source == at
            )
            steps = None if is_vector else len(self.kept[at])
        return replace(block, steps=steps, operands=operands, initial=initial)

    def _operand(self, at: int, operand: Operand) -> Operand:
        if isinstance(operand, Bus):
            return replace(operand, sources=tuple(map(self._source, operand.sources)))
        steps: Sequence[tuple[Part, ...]] = operand.of
        if at in self.kept:
            steps = [operand.of[step] for step in self.kept[at]]
        return Steps(
            tuple(
                tuple(None if part is None else self._source(part) for part in step)
                for step in steps
            )
        )

    def _source(self, source: Source) -> Source:
        step = self.kept.get(source.block, {}).get(source.step, source.step)
        return replace(source, block=self.at[source.block], step=step)
