"""maximum: of several wires, or of all steps of a bus, element by element."""

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
from seqdsl.layers._elsewhere import ALL_STEPS, POOLING, WINDOW

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
    Signature((NAMED_ROW,), 0, (), "max(E)"),
    combination=Combination.MAX,
    variants=(("grid", "max_grid"),),
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the largest of several wires, or of all steps of a bus",
        arguments=NAMED_ROW_WORDS,
        noun="the maximum",
        elsewhere=(
            Counterpart("max maximum"),
            Counterpart(
                "globalmaxpooling1d globalmaxpool1d globalmaxpooling gmp maxovertime",
                draw=ALL_STEPS,
            ),
            Counterpart(
                "maxpooling1d maxpool1d maxpooling maxpool",
                "pool_size strides padding",
                draw=WINDOW,
            ),
            Counterpart(
                "maxpool1d",
                "kernel_size stride padding dilation return_indices ceil_mode",
                spelling="MaxPool1d",
                draw=WINDOW,
            ),
        ),
        instead={**POOLING, "return_indices": "not in the language"},
        variable="max",
    ),
    order=14,
)
