"""concatenation: what is read, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Counterpart, Family, Instead, LayerDef, Look, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.cells.activations import Array


def evaluate(values: Sequence[Array]) -> Array:
    """The features of all values, one after the other."""
    import numpy as np

    return np.concatenate(values, -1)


LAYER = LayerDef(
    "concat",
    Family.IDENTITY,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="several wires side by side",
        does="concatenates {reads}",
        elsewhere=(
            Counterpart(
                "concat concatenate cat merge hstack",
                "axis",
                draw="or wire both to the node that reads them",
            ),
        ),
        instead={"axis": Instead("features are concatenated", default=-1)},
        variable="joined",
    ),
    order=15,
)
