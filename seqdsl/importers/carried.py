"""state of a loop that a model takes and gives, and what it fed back last → rows that pass both from call to call.

::

      Y Y Y   dense(2)          y, h, last = model(x, h, last)
      | | |
    *-H-H-H-*   rnn(10)         taken   h and last, behind all other inputs, the states of runs first
     /|/|/|                     given   the last step of `H`, and that of `Y`, behind all other results
    y X X X
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.layout.reading import reads
from seqdsl.layout.renumber import changed, in_order
from seqdsl.layout.wiring import Begun, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.layout.wiring import Block, Part, Wiring


def with_carried(wirings: Sequence[Wiring]) -> tuple[Wiring, ...]:
    """Wirings whose loops pass their states on; as they are where some do not take what they give."""
    found = [made for item in wirings if (made := _carried(item)) is not None]
    return tuple(found if len(found) == len(wirings) else wirings)


def _carried(wiring: Wiring) -> Wiring | None:
    """A wiring whose last inputs and results are states of a loop; ``None``: they are not."""
    runs, values = _runs(wiring), _fed_back(wiring)
    # An input of both kinds would be read twice.
    of = {**runs, **values} if not runs.keys() & values.keys() else {}
    states = [*takewhile(of.__contains__, reversed(wiring.inputs))][::-1]
    count = len(states)
    # Without a run that goes on there is no `*`, and the loop begins with zeros, or with an input.
    is_ordered = states == [
        *(at for at in states if at in runs),
        *(at for at in states if at in values),
    ]
    if not is_ordered or not {*states} & runs.keys() or not {*states} & values.keys():
        return None
    ends = wiring.outputs[len(wiring.outputs) - count :]
    if len(wiring.outputs) <= count or [_end_of(wiring, at) for at in ends] != [
        of[at] for at in states
    ]:
        return None
    return _passed_on(wiring, {at: of[at] for at in states}, ends)


def _runs(wiring: Wiring) -> dict[int, int]:
    """The inputs that nothing reads but a run that begins with one: the run of each."""
    count = Counter(source.block for block in wiring.blocks for source in reads(block))
    found = {}
    for at, block in enumerate(wiring.blocks):
        initial = block.initial
        if (
            block.direction is Direction.FORWARD
            and isinstance(initial, Begun)
            and len(initial.sources) == 1
        ):
            (source,) = initial.sources
            if source.block in wiring.inputs and count[source.block] == 1:
                found[source.block] = at
    return found


def _fed_back(wiring: Wiring) -> dict[int, int]:
    """The inputs that are read in place of the step before the first one: the block whose step that is."""
    found: dict[int, set[int]] = {}
    for lane in chain.from_iterable(map(_lanes, wiring.blocks)):
        if lane[0] is not None and lane[0].block in wiring.inputs:
            found.setdefault(lane[0].block, set()).add(_before(wiring, lane))
    of_lanes = Counter(
        lane[0].block for block in wiring.blocks for lane in _lanes(block) if lane[0] is not None
    )
    count = Counter(source.block for block in wiring.blocks for source in reads(block))
    return {
        at: min(blocks)
        for at, blocks in found.items()
        # Nothing else reads it, and all that do read the same before.
        if len(blocks) == 1 and min(blocks) >= 0 and of_lanes[at] == count[at]
    }


def _lanes(block: Block) -> Iterator[tuple[Part, ...]]:
    """What the steps of a block read in one place, for each place; of steps that read as many values."""
    for operand in block.operands:
        if isinstance(operand, Steps) and len({len(step) for step in operand.of}) == 1:
            yield from zip(*operand.of, strict=True)


def _before(wiring: Wiring, lane: Sequence[Part]) -> int:
    """The block whose step before is read from the second step on; -1: it is none of as many steps."""
    first, *others = lane
    if (
        first is None
        or not others
        or others[0] is None
        or wiring.blocks[first.block].steps is not None
    ):
        return -1
    block = others[0].block
    is_fed = wiring.blocks[block].steps == len(lane)
    return block if is_fed and others == [Source(block, at) for at in range(len(others))] else -1


def _end_of(wiring: Wiring, at: int) -> int:
    """The block whose last step a result is, as a vector; -1: it is something else."""
    block = wiring.blocks[at]
    if (
        block.call != "output"
        or block.steps is not None
        or not isinstance(block.operands[0], Steps)
    ):
        return -1
    row = block.operands[0].of[0]
    if len(row) != 1 or row[0] is None:
        return -1
    last = (wiring.blocks[row[0].block].steps or 0) - 1
    return row[0].block if row[0] == Source(row[0].block, last) else -1


def _passed_on(wiring: Wiring, of: Mapping[int, int], ends: Sequence[int]) -> Wiring:
    """The wiring without states among its inputs and results."""

    def moved(source: Source) -> Source:
        return Source(of[source.block], -1) if source.block in of else source

    states = _runs(wiring)
    runs = {run for state, run in of.items() if state in states}
    blocks = [
        replace(block, initial=None, carry=Carry.BOTH) if at in runs else changed(block, moved, int)
        for at, block in enumerate(wiring.blocks)
    ]
    # A run reads what is fed back as well.
    for at in runs:
        blocks[at] = changed(blocks[at], moved, int)
    count = len(of)
    outputs = [*wiring.outputs[: len(wiring.outputs) - count]]
    gone = {*of, *ends}
    whole = replace(
        wiring, blocks=tuple(blocks), inputs=wiring.inputs[: len(wiring.inputs) - count]
    )
    copies = {at: row for at in outputs if (row := _copied(whole, at, gone)) >= 0}
    whole = replace(whole, outputs=tuple(copies.get(at, at) for at in outputs))
    return in_order(whole, [at for at in range(len(blocks)) if at not in {*gone, *copies}])


def _copied(wiring: Wiring, at: int, gone: set[int]) -> int:
    """The row that a result only copies, if nothing but an earlier block of its loop reads it; -1: there is none."""
    #   Y Y Y    a result that is D step by step: D itself can be the result
    #   | | |
    #   D D D    what reads D stands below it, and is fed back
    block = wiring.blocks[at]
    if block.call != "output" or block.steps is None or not isinstance(block.operands[0], Steps):
        return -1
    first = block.operands[0].of[0]
    row = first[0].block if len(first) == 1 and first[0] is not None else -1
    is_copy = block.operands[0].of == tuple((Source(row, step),) for step in range(block.steps))
    is_whole = is_copy and row >= 0 and wiring.blocks[row].steps == block.steps
    readers = _readers(wiring, row) - {at, *gone}
    return row if is_whole and all(number < row for number in readers) else -1


def _readers(wiring: Wiring, row: int) -> set[int]:
    """The blocks that read a row."""
    blocks = enumerate(wiring.blocks)
    return {at for at, other in blocks if any(source.block == row for source in reads(other))}
