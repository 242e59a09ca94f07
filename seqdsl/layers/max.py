"""maximum: of several wires, or of all steps of a bus, element by element."""

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

    largest: Array = np.max(values, axis=0)
    return largest


_ALL_STEPS = "lead all steps to its node by a bus: `+-+-+`"
_WINDOW = "wire the steps of each window to one node"

LAYER = LayerDef(
    "max",
    Family.COMBINATION,
    Signature((NAMED_ROW,), 0, (), "max(E)"),
    combination=Combination.MAX,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the largest of several wires, or of all steps of a bus",
        noun="the maximum",
        elsewhere=(
            Counterpart("max maximum"),
            Counterpart(
                "globalmaxpooling1d globalmaxpool1d globalmaxpooling gmp maxovertime",
                draw=_ALL_STEPS,
            ),
            Counterpart(
                "maxpooling1d maxpool1d maxpooling maxpool",
                "pool_size strides padding",
                draw=_WINDOW,
            ),
            Counterpart(
                "maxpool1d",
                "kernel_size stride padding dilation return_indices ceil_mode",
                spelling="MaxPool1d",
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
            "return_indices": "not in the language",
        },
        variable="max",
    ),
    order=14,
)
