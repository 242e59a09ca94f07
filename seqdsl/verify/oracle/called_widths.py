"""called picture of one step → how many features it gives, which a loop has to know before it computes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.verify.oracle.called import inner_steps, inner_weights
from seqdsl.verify.oracle.loops import loop_widths

if TYPE_CHECKING:
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk


def width_given(walk: Walk, index: int) -> int:
    """How many features a called picture of one step gives, before it is given anything."""
    drawing = walk.drawing.called[index].drawing
    weights: dict[int, dict[str, Array]] = {at: {} for at in range(len(drawing.blocks))}
    weights |= inner_weights(walk.weights[index])
    steps = inner_steps(drawing, 1)
    inner = type(walk)(drawing, steps, weights, walk.lead)
    (output,) = steps.outputs
    return loop_widths(inner, steps.order, width_given)[output]
