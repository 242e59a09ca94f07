"""blocks, new numbers → the same blocks, which read each other by these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layout.wiring import Begun, Bus, Passed, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.layout.wiring import Block, Operand, Wiring


def changed(block: Block, moved: Callable[[Source], Source], place: Callable[[int], int]) -> Block:
    """A block with other numbers for all that it reads."""
    initial = block.initial
    if isinstance(initial, Passed):
        initial = Passed(place(initial.block))
    elif isinstance(initial, Begun):
        initial = replace(initial, sources=tuple(map(moved, initial.sources)))
    operands = tuple(moved_operand(operand, moved) for operand in block.operands)
    return replace(block, operands=operands, initial=initial)


def moved_operand(operand: Operand, moved: Callable[[Source], Source]) -> Operand:
    """An operand with other numbers for all that it reads."""
    if isinstance(operand, Bus):
        return replace(operand, sources=tuple(map(moved, operand.sources)))
    return Steps(
        tuple(tuple(None if part is None else moved(part) for part in step) for step in operand.of)
    )


def in_order(wiring: Wiring, order: Sequence[int]) -> Wiring:
    """A wiring with its blocks in another order, given by their numbers so far."""
    number = {at: place for place, at in enumerate(order)}

    def moved(item: Source) -> Source:
        return replace(item, block=number[item.block])

    blocks = tuple(changed(wiring.blocks[at], moved, number.__getitem__) for at in order)
    inputs, outputs = (
        tuple(number[at] for at in items) for items in (wiring.inputs, wiring.outputs)
    )
    return replace(wiring, blocks=blocks, inputs=inputs, outputs=outputs)
