"""product: of several wires, or of all steps of a bus, element by element."""

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

    product: Array = np.prod(values, axis=0)
    return product


LAYER = LayerDef(
    "multiply",
    Family.COMBINATION,
    Signature((NAMED_ROW,), 0, (), "multiply(E)"),
    combination=Combination.MULTIPLY,
    keeps_zero=True,
    evaluate=evaluate,
    look=Look.COMBINE,
    sign="×",
    words=Words(
        summary="the product of several wires, or of all steps of a bus",
        arguments=NAMED_ROW_WORDS,
        noun="the product",
        elsewhere=(Counterpart("multiply mul times product hadamard"),),
    ),
    order=12,
)
