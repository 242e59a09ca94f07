"""sum: of several wires, or of all steps of a bus, element by element."""

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

    total: Array = np.sum(values, axis=0)
    return total


LAYER = LayerDef(
    "add",
    Family.COMBINATION,
    Signature((NAMED_ROW,), 0, (), "add(E)"),
    combination=Combination.ADD,
    keeps_zero=True,
    evaluate=evaluate,
    look=Look.COMBINE,
    sign="+",
    words=Words(
        summary="the sum of several wires, or of all steps of a bus",
        arguments=NAMED_ROW_WORDS,
        noun="the sum",
        elsewhere=(Counterpart("add sum plus"),),
    ),
    order=11,
)
