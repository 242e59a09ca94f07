"""mean: of several wires, or of all steps of a bus, element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import (
    NAMED_ROW,
    Combination,
    Counterpart,
    Family,
    Instead,
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

    mean: Array = np.mean(values, axis=0)
    return mean


_ALL_STEPS = "lead all steps to its node by a bus: `+-+-+`"
_WINDOW = "wire the steps of each window to one node"

LAYER = LayerDef(
    "mean",
    Family.COMBINATION,
    Signature((NAMED_ROW,), 0, (), "mean(E)"),
    combination=Combination.MEAN,
    keeps_zero=True,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the mean of several wires, or of all steps of a bus",
        noun="the mean",
        elsewhere=(
            Counterpart("mean average avg"),
            Counterpart(
                "globalaveragepooling1d globalavgpool1d globalaveragepooling gap meanpooling",
                draw=_ALL_STEPS,
            ),
            Counterpart(
                "averagepooling1d avgpool1d averagepooling avgpool avgpooling",
                "pool_size strides padding",
                draw=_WINDOW,
            ),
            Counterpart(
                "avgpool1d",
                "kernel_size stride padding ceil_mode",
                spelling="AvgPool1d",
                draw=_WINDOW,
            ),
        ),
        instead={
            "pool_size": "wire {value} steps to each node",
            "kernel_size": "wire {value} steps to each node",
            "strides": "the wires tell: a node for every {value} steps",
            "stride": "the wires tell: a node for every {value} steps",
            "padding": Instead("a node reads what is wired", default="valid"),
            "dilation": Instead("the wires tell", default=1),
            "keepdims": "one node is a vector; a bus from it gives it to every step",
            "ceil_mode": "the wires tell: draw a node for a window that is cut short",
            "count_include_pad": "a mean is over the steps that are wired",
        },
    ),
    order=13,
)
