"""maximum: of several wires, or of all steps of a bus, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Combination, Family, LayerDef, Look, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.cells.activations import Array


def evaluate(values: Sequence[Array]) -> Array:
    """Of arrays of one shape, element by element."""
    import numpy as np

    largest: Array = np.max(values, axis=0)
    return largest


LAYER = LayerDef(
    "max",
    Family.COMBINATION,
    combination=Combination.MAX,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the largest of several wires, or of all steps of a bus",
        noun="the maximum",
        elsewhere={"maxpooling": "`max` over the steps that are wired"},
        variable="max",
    ),
    order=14,
)
