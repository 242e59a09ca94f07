r"""blocks in which steps of convolutions that nothing enters are named → the same where that matters, and without them.

::

    L    L         `L` reads two steps of `C` by a bus. Nothing enters the second one, which is zero, and as wide as the
    |    |         first: that `L` reads it shows in its weights. So `C` has a step more, behind its windows.
    +----+---+
         |   |     Where a row reads such a step alone, it reads nothing; where it reads it in the place of what other
         C   C     steps of the row read, it is a place that is kept free.
         |
       X X
"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from seqdsl.layout.reading import reads
from seqdsl.layout.wiring import Source, Steps

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seqdsl.layout.wiring import Block, Operand, Part

    Row = tuple[Part, ...]


def without_unread(blocks: Sequence[Block], zeros: Collection[Source]) -> tuple[Block, ...]:
    """The blocks, of which only those read a step that nothing enters for which its width matters.

    Args:
        blocks: the blocks.
        zeros: the steps that nothing enters; each is the last one of its block.
    """
    if not zeros:
        return tuple(blocks)
    found = [
        replace(block, operands=tuple(_operand(item, zeros) for item in block.operands))
        for block in blocks
    ]
    needed = {source for block in found for source in reads(block)}
    for zero in zeros:
        if zero not in needed:
            found[zero.block] = _shortened(found[zero.block])
    return tuple(found)


def _operand(operand: Operand, zeros: Collection[Source]) -> Operand:
    if not isinstance(operand, Steps):
        return operand
    rows = [() if all(part in zeros for part in row) else row for row in operand.of]
    # A place in which some step reads a value is as wide as that.
    known = {
        place
        for place, parts in enumerate(zip_longest(*rows))
        if any(part is not None and part not in zeros for part in parts)
    }
    return Steps(
        tuple(
            tuple(
                None if place in known and part in zeros else part for place, part in enumerate(row)
            )
            for row in rows
        )
    )


def _shortened(block: Block) -> Block:
    """A convolution without the step behind its windows."""
    (operand,) = block.operands
    assert isinstance(operand, Steps)
    of = operand.of[:-1]
    return replace(block, steps=len(of), operands=(Steps(of),))
