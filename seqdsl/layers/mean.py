"""mean: of several wires, or of all steps of a bus, element by element."""

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

    mean: Array = np.mean(values, axis=0)
    return mean


LAYER = LayerDef(
    "mean",
    Family.COMBINATION,
    Signature((NAMED_ROW,), 0, (), "mean(E)"),
    combination=Combination.MEAN,
    variants=(("grid", "mean_grid"),),
    keeps_zero=True,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the mean of several wires, or of all steps of a bus",
        arguments=NAMED_ROW_WORDS,
        noun="the mean",
        elsewhere=(
            Counterpart("mean average avg"),
            Counterpart(
                "globalaveragepooling1d globalavgpool1d globalaveragepooling gap meanpooling",
                draw=ALL_STEPS,
            ),
            Counterpart(
                "averagepooling1d avgpool1d averagepooling avgpool avgpooling",
                "pool_size strides padding",
                draw=WINDOW,
            ),
            Counterpart(
                "avgpool1d",
                "kernel_size stride padding ceil_mode",
                spelling="AvgPool1d",
                draw=WINDOW,
            ),
        ),
        instead={**POOLING, "count_include_pad": "a mean is over the steps that are wired"},
    ),
    order=13,
)
