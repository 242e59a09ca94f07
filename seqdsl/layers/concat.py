"""concatenation: what is read, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family, LayerDef, Look, Words

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
        elsewhere={"concatenate": "write `concat`, or wire both: what a node sees is concatenated"},
        variable="joined",
    ),
    order=15,
)
