"""minimum: of several wires, or of all steps of a bus, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import (
    NAMED_ROW,
    NAMED_ROW_WORDS,
    Combination,
    Counterpart,
    Family,
    LayerDef,
    Look,
    Signature,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.cells.activations import Array


def evaluate(values: Sequence[Array]) -> Array:
    """Of arrays of one shape, element by element."""
    import numpy as np

    smallest: Array = np.min(values, axis=0)
    return smallest


# No framework has a layer for the minimum over time or over windows: pooling takes the largest, or the mean.
LAYER = LayerDef(
    "min",
    Family.COMBINATION,
    Signature((NAMED_ROW,), 0, (), "min(E)"),
    combination=Combination.MIN,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the smallest of several wires, or of all steps of a bus",
        arguments=NAMED_ROW_WORDS,
        noun="the minimum",
        elsewhere=(
            Counterpart("min minimum"),
            Counterpart(
                "globalminpooling1d globalminpooling minpooling1d minpooling minpool1d minpool",
                draw="lead all steps to its node by a bus: `+-+-+`, or those of a window by wires",
            ),
        ),
        instead={"keepdims": "one node is a vector; a bus from it gives it to every step"},
        variable="min",
    ),
    order=14,
)
