r"""wiring of a model that was read → the same, in which zeros that windows are around are steps of a row.

::

    C C C C C           C C C C C      windows of two with a zero at both ends, as PyTorch's `padding=1`: a node
    | | | |             |\|\|\|\|\     without a wire would have no window, so a row passes a step on that is zero
    X X X X     ->      P P P P P
                        | | | |
                        X X X X
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.layers import Family, all_layers
from seqdsl.layout.reading import family_of, reads
from seqdsl.layout.renumber import in_order
from seqdsl.layout.wiring import Block, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.layout.wiring import Wiring

_PASSING = next(name for name, item in all_layers().items() if item.family is Family.IDENTITY)


def with_zeros_passed_on(wiring: Wiring) -> Wiring:
    """The wiring, with a row of its own below each convolution of which a window around no step is read."""
    used: dict[int, set[int]] = {
        at: set(range(wiring.blocks[at].steps or 1)) for at in wiring.outputs
    }
    for source in (source for block in wiring.blocks for source in reads(block)):
        used.setdefault(source.block, set()).add(source.step)
    below = {
        at: row
        for at, block in enumerate(wiring.blocks)
        if (row := _row_below(block, used.get(at, set()), at)) is not None
    }
    return _inserted(wiring, below) if below else wiring


def _row_below(block: Block, used: set[int], at: int) -> Block | None:
    """A row that passes on what a convolution reads; ``None``: it needs none."""
    operand = block.operands[0] if block.operands else None
    if family_of(block) is not Family.WINDOW or not isinstance(operand, Steps):
        return None
    if all(any(operand.of[step]) for step in used):
        return None
    return Block(f"{_PASSING}_below_{at}", _PASSING, len(operand.of), (operand,))


def _inserted(wiring: Wiring, below: Mapping[int, Block]) -> Wiring:
    """The wiring with further blocks, each before the one that reads it."""
    blocks = list(wiring.blocks)
    order = []
    for at, block in enumerate(wiring.blocks):
        if at in below:
            row = len(blocks)
            blocks.append(below[at])
            order.append(row)
            read = Steps(tuple((Source(row, step),) for step in range(below[at].steps or 1)))
            blocks[at] = replace(block, operands=(read,))
        order.append(at)
    return in_order(replace(wiring, blocks=tuple(blocks)), order)
