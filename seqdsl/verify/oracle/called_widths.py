"""called picture in a loop → the grid and features that it gives, known before the loop computes anything."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from seqdsl.verify.oracle.called import inner_steps, inner_weights
from seqdsl.verify.oracle.called_reads import takes_places, takes_whole
from seqdsl.verify.oracle.loops import loop_widths

if TYPE_CHECKING:
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk


def shape_given(walk: Walk, index: int) -> tuple[tuple[int, ...], int]:
    """The grid and the features that a called picture gives, before it is given anything."""
    drawing = walk.drawing.called[index].drawing
    weights: dict[int, dict[str, Array]] = {at: {} for at in range(len(drawing.blocks))}
    weights |= inner_weights(walk.weights[index])
    # A row goes in as a whole. The places of a grid are its steps: as many as the node reads.
    is_whole = takes_whole(walk.drawing, walk.steps, index)
    read = walk.grid_read(index)
    is_read = bool(read) and takes_places(walk.drawing, walk.steps, index)
    alone = read[0] if is_read else 1
    steps = inner_steps(drawing, walk.steps.counts[index] if is_whole else alone)
    inner = type(walk)(drawing, steps, weights, walk.lead)
    inner.grids |= {at: grid for at in steps.inputs if (grid := inner.own_grid(at))}
    (output,) = steps.outputs
    numbers = loop_widths(inner, steps.order, shape_given)[output]
    grid = inner.grids.get(output, ())
    features = numbers // prod(grid)
    # A sequence for one node is a grid that its step holds.
    is_sequence = not drawing.blocks[output].is_vector and not is_whole
    return ((steps.counts[output], *grid) if is_sequence else grid), features
