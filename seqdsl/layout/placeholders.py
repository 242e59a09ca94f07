"""blocks that read placeholders → blocks: what a member of a loop reads of a later one, when that is known.

::

    Y Y Y      `D` is made before `Y`, which it reads: until then placeholders stand for steps 0 and 1 of `Y`
    | | |
    D-D-D
    | | |
    X y y
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layout.wiring import Begun, Bus, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.layout.wiring import Block, Operand, Part

Values = list[tuple["Part", ...]]


def placeholder(node: int) -> int:
    """The number that stands for the block of a node until that is known."""
    return ~node


def placeholders(node: int, steps: int) -> Values:
    """Placeholders for all steps of a node, in the form in which values are known."""
    return [(Source(placeholder(node), step),) for step in range(steps)]


def resolved(
    blocks: Sequence[Block], values: Mapping[int, Values], block_of: Mapping[int, int]
) -> tuple[Block, ...]:
    """The blocks with what their placeholders stand for.

    Args:
        blocks: the blocks.
        values: what each node gives at each step.
        block_of: the block of each node.
    """

    def read(parts: Sequence[Part]) -> tuple[Part, ...]:
        return tuple(found for part in parts for found in one(part))

    def one(part: Part) -> tuple[Part, ...]:
        if part is None or part.block >= 0:
            return (part,)
        node = ~part.block
        # Before the first step there is what the call before left.
        if part.step < 0:
            return (replace(part, block=block_of[node]),)
        return tuple(
            found and replace(found, counted=part.counted) for found in values[node][part.step]
        )

    def operand(item: Operand) -> Operand:
        if isinstance(item, Bus):
            sources = tuple(part for part in read(item.sources) if part is not None)
            return replace(item, sources=sources)
        return Steps(tuple(map(read, item.of)))

    def block(item: Block) -> Block:
        initial = item.initial
        if isinstance(initial, Begun):
            sources = tuple(part for part in read(initial.sources) if part is not None)
            initial = replace(initial, sources=sources)
        return replace(item, operands=tuple(map(operand, item.operands)), initial=initial)

    return tuple(map(block, blocks))
