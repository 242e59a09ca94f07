"""loop → the grids of its steps, before any of its blocks is applied: they follow from what it reads from outside.

  Y Y Y     Y = conv2d(1, 3): a grid for each that it reads, of X and of itself one step earlier. X holds 28 x 28, and
  | | |     so does Y. With stride=2 it would give 14 x 14, and read both.
  C C C
 /|/|/|
X y X y ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.lowering.called_reading import grid_called
from seqdsl.lowering.grids import blocks_read, grid_given

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seqdsl.lowering.context import LoweringContext
    from seqdsl.size import Size

    Grid = tuple[Size, ...]


def has_grids(context: LoweringContext, loop: Collection[int]) -> bool:
    """Note the grids of a loop's blocks; false, and an error, where a block reads two kinds, or one it cannot read.

    They follow from what is read outside of the loop: what is read together holds the same, so that one source tells.
    """
    found: dict[int, Grid] = {}
    for _ in loop:
        waiting = [index for index in sorted(loop) if index not in found]
        told = {index: grid for index in waiting if (grid := _grid(context, index, found, loop))}
        if not told:
            break
        found |= told
    context.grid |= found
    return all(grid_given(context, index) is not None for index in sorted(loop))


def _grid(
    context: LoweringContext, index: int, found: Mapping[int, Grid], loop: Collection[int]
) -> Grid:
    """The grid that a block gives, as far as it can be told by now; empty: it holds none, or that is not known."""
    definition = context.drawing.settings[index].definition
    outside = (context.grid.get(one, ()) for one in blocks_read(context, index) if one not in loop)
    inside = (found.get(one, ()) for one in blocks_read(context, index))
    grid = next((one for one in (*outside, *inside) if one), ())
    if definition.family is Family.CALL:
        return grid_called(context, index, grid)
    rule = definition.grid
    # A wrong number of axes is an error of the block when it is applied.
    if not grid or rule is None or rule.axes not in (0, len(grid)):
        return grid
    return rule.places(grid, context.drawing.settings[index].arguments)
