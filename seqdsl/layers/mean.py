"""mean: of several wires, or of all steps of a bus, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Combination, Family, LayerDef, Look, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.cells.activations import Array


def evaluate(values: Sequence[Array]) -> Array:
    """Of arrays of one shape, element by element."""
    import numpy as np

    mean: Array = np.mean(values, axis=0)
    return mean


LAYER = LayerDef(
    "mean",
    Family.COMBINATION,
    combination=Combination.MEAN,
    keeps_zero=True,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the mean of several wires, or of all steps of a bus",
        noun="the mean",
        elsewhere={"globalaveragepooling": "`mean` over a bus of all steps"},
    ),
    order=13,
)
