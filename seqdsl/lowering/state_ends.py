"""state wires → the rows with a ``*`` at both ends, whose state goes on from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lowering.strided_access import ZeroSteps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.lowering.operands import Operand
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.states import StateWires


def blocks_with_both(states: StateWires) -> list[int]:
    """The blocks with a ``*`` at both ends."""
    ends: dict[int, set[bool]] = {}
    for end in states.ends:
        ends.setdefault(end.block, set()).add(end.leaves)
    return [index for index, leaves in ends.items() if len(leaves) > 1]


def is_one_step(states: StateWires, blocks: Sequence[DrawnBlock]) -> bool:
    """Whether each call is one step of what goes on from call to call: `*--H--*`, with one node."""
    return any(blocks[index].is_vector for index in blocks_with_both(states))


def blocks_before(operands: Iterable[Operand]) -> set[int]:
    """The blocks before whose first step delayed nodes are read."""
    accesses = (access for operand in operands for access in operand.accesses)
    return {
        access.before
        for access in accesses
        if isinstance(access, ZeroSteps) and access.before is not None
    }
