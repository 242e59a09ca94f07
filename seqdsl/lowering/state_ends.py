"""state wires → the rows with a ``*`` at both ends, whose state goes on from call to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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
