"""what blocks read → surroundings: which blocks are around each block, and in what order they can be computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.analysis.order import block_order, order_with_loops
from seqdsl.lowering.default_layers import Surroundings
from seqdsl.lowering.state_ends import blocks_before, is_one_step
from seqdsl.lowering.strided_access import blocks_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.lengths import Lengths
    from seqdsl.lowering.operands import Operand, Reader
    from seqdsl.lowering.wired import Wired


class Read(NamedTuple):
    """What the blocks of a picture read, at all their lengths."""

    lengths: Lengths
    reader: Reader
    operands: list[list[Operand]]


def initial_sources(wired: Wired, reader: Reader) -> list[set[int]]:
    """The blocks whose state or value each block begins with, over a wire of its row or through a junction."""
    initial: list[set[int]] = [set() for _ in wired.blocks]
    for handoff in wired.states.handoffs:
        initial[handoff.destination].add(handoff.source)
    for index, sources in wired.traced.initial.items():
        for source, _ in sources:
            owners = {reader.owner(item) for item in reader.flat(source)}
            delayed = max(owners) >= len(wired.blocks)
            initial[index] |= blocks_read(reader.bus(source)) if delayed else owners
    return initial


def find_surroundings(wired: Wired, read: Read) -> Surroundings:
    """Which blocks each block reads, over wires and as its initial state, and in what order that can be done."""
    indices = range(len(wired.blocks))
    below = [
        {access.block for operand in operands for access in operand.read}
        for operands in read.operands
    ]
    if wired.delayed and is_one_step(wired.states, wired.blocks):
        # What is left by the call before is read as well, and is as wide as the block that left it.
        below = [
            one | blocks_before(found) for one, found in zip(below, read.operands, strict=True)
        ]
    initial = initial_sources(wired, read.reader)
    sources = [below[index] | initial[index] for index in indices]
    wires = sources
    if wired.delayed:
        wires = [_wired_below(read.operands[index]) | initial[index] for index in indices]
    # A A A over S a a: nothing reads A but itself.
    # A letter that only its delayed nodes read is still an output.
    is_source = set().union(*wires)
    # Without delayed nodes data flows upward only, and there are no cycles.
    order = order_with_loops(sources, wires) if wired.delayed else block_order(sources)
    return Surroundings(
        tuple(map(frozenset, below)),
        tuple(map(frozenset, initial)),
        tuple(index in is_source for index in indices),
        order,
        tuple(map(frozenset, wires)),
    )


def _wired_below(operands: Sequence[Operand]) -> set[int]:
    """The blocks that a block reads other than through delayed nodes."""
    read = (access for operand in operands for access in operand.read)
    return {access.block for access in read if not access.earlier}
