"""state ends and delayed nodes → the values that the call before gives them before the first step of their letters.

::

      Y Y ... Y       the first `y` of a piece is the last `Y` of the piece before, which is state as much as that of H.
      | |     |       What is drawn in the place of that `y` would be read anew in each piece.
    *-H-H-...-H-*
      | |     |
      y y ... y
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import CarriedState
from seqdsl.lowering.cut_path import CutPath
from seqdsl.lowering.state_ends import blocks_with_both, is_one_step
from seqdsl.lowering.strided_access import ZeroSteps
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.operands import Operand


def find_carried_values(drawing: Drawing) -> dict[int, CarriedState]:
    """What delayed nodes read of the call before, by the block of their letter; of others they read zeros."""
    taken = {end.block for end in drawing.states.ends if not end.leaves}
    both = blocks_with_both(drawing.states)
    path = CutPath(drawing)
    # Each call one step: whatever has one node goes on with `*--H--*`.
    step = is_one_step(drawing.states, drawing.blocks)
    single = [index for index in range(len(drawing.blocks)) if step and not path.is_sequence(index)]
    cut = (*path.blocks(both), *single)
    # `*--H-H-H` takes its initial state, and that is what `h` begins with, whoever reads it.
    found = {index: CarriedState(index) for index in sorted(taken)}
    for block, steps in _read_before(drawing, cut).items():
        if not path.is_sequence(block) and block not in single:
            continue
        if steps == 1 and block in both:
            continue
        count = None if steps == 1 else Size.of(steps)
        found[block] = CarriedState(block, is_value=True, steps=count)
    return found


def _read_before(drawing: Drawing, cut: tuple[int, ...]) -> Mapping[int, int]:
    """How many steps before the first one of each block are read."""
    found: dict[int, int] = {}
    for index in cut:
        for block, count in _before(drawing.operands[index]):
            found[block] = max(count, found.get(block, 1))
    return found


def _before(operands: Sequence[Operand]) -> Iterator[tuple[int, int]]:
    for access in (one for operand in operands for one in operand.accesses):
        if isinstance(access, ZeroSteps) and access.before is not None:
            # How many there are is drawn: only what comes behind is as long as the data.
            count = access.count.constant
            yield from [] if count is None else [(access.before, count)]


def drawn_before(drawing: Drawing, index: int) -> tuple[int, int] | None:
    """What a block reads before the first step of a letter, and that letter's block; ``None``: nothing is there."""
    for operand in drawing.operands[index]:
        accesses = operand.accesses
        for first, then in pairwise(accesses):
            if isinstance(first, ZeroSteps) or isinstance(then, ZeroSteps):
                continue
            if then.earlier and not first.earlier:
                return first.block, then.block
    return None
