"""all places of a grid side by side, row by row, so that a step holds features alone."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from seqdsl.layers import Counterpart, Family, LayerDef, Look, Signature, Words
from seqdsl.layers._grids import FLAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """Of a grid (..., *places, features), of as many axes as ``given`` has under ``axes``."""
    # Height, then width, then features: the last axis runs fastest.
    held = x.ndim - 1 - given["axes"]
    return x.reshape(*x.shape[:held], prod(x.shape[held:]))


LAYER = LayerDef(
    "flatten",
    Family.STEPWISE,
    Signature((), 0, (), "flatten"),
    grid=FLAT,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="all places of a grid side by side: height, width, features",
        does="puts all places of the grid side by side{at}",
        elsewhere=(Counterpart("flatten", "start_dim end_dim"),),
        instead={
            "start_dim": "it takes the whole grid of each step",
            "end_dim": "it takes the whole grid of each step",
            "data_format": "height, width, features: channels are last in pictures",
        },
        variable="flat",
    ),
    order=31,
)
