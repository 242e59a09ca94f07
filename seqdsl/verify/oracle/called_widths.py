"""called picture in a loop → how many features it gives, which a loop has to know before it computes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.verify.oracle.called import inner_steps, inner_weights, takes_whole
from seqdsl.verify.oracle.loops import loop_widths

if TYPE_CHECKING:
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk


def width_given(walk: Walk, index: int) -> int:
    """How many features a called picture gives, before it is given anything."""
    drawing = walk.drawing.called[index].drawing
    weights: dict[int, dict[str, Array]] = {at: {} for at in range(len(drawing.blocks))}
    weights |= inner_weights(walk.weights[index])
    # A row goes in as a whole; of what takes one value, each is one step.
    count = walk.steps.counts[index] if takes_whole(walk.drawing, walk.steps, index) else 1
    steps = inner_steps(drawing, count)
    inner = type(walk)(drawing, steps, weights, walk.lead)
    (output,) = steps.outputs
    return loop_widths(inner, steps.order, width_given)[output]
