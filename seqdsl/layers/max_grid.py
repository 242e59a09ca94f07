"""the largest value over all places of a grid: of an image, or of the characters of a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import Counterpart, Family, LayerDef, Look, Signature, Words
from seqdsl.layers._grids import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """Of a grid (..., *places, features), of as many axes as ``given`` has under ``axes``."""
    places = tuple(range(-1 - given["axes"], -1))
    result: Array = x.max(axis=places)
    return result


LAYER = LayerDef(
    "max_grid",
    Family.STEPWISE,
    Signature((), 0, (), "max(grid)"),
    grid=LARGEST,
    variant_of=("max", "grid"),
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the largest value over all places of a grid",
        does="is the largest value over all places of the grid{applied}",
        elsewhere=(
            Counterpart(
                "globalmaxpooling2d globalmaxpool2d adaptivemaxpool2d",
                write="max(grid)",
            ),
        ),
        variable="pooled",
    ),
    order=29,
)
