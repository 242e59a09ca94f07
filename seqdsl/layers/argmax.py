"""the id of the largest feature of each step: the most probable word, which an embedding may read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import Counterpart, Family, Instead, LayerDef, Look, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """Over the last axis, which is gone; of equal features it is the first."""
    ids: Array = x.argmax(-1)
    return ids


LAYER = LayerDef(
    "argmax",
    Family.STEPWISE,
    chooses=True,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the id of the largest feature of each step",
        does="gives the id of the largest feature{at}",
        elsewhere=(Counterpart("argmax greedy"),),
        instead={
            "axis": Instead("it is over the features of each step", default=-1),
            "dim": Instead("it is over the features of each step", default=-1),
            "keepdims": "an id has no features",
            "keepdim": "an id has no features",
        },
        variable="ids",
    ),
    order=23,
)
