"""the mean of each square tile of a grid; rows and columns that fill no tile are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.layers import Argument, Counterpart, Family, Kind, LayerDef, Look, Signature, Words
from seqdsl.layers._elsewhere import TILES as ELSEWHERE
from seqdsl.layers._grids import TILES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.activations import Array


def evaluate(x: Array, weights: Mapping[str, Array], given: Mapping[str, Any]) -> Array:
    """Of a grid (..., height, width, features)."""
    size = given["size"]
    high, wide = x.shape[-3] // size, x.shape[-2] // size
    # 5 x 5 in tiles of 2: a row and a column are left over, (2, 2, 2, 2) after they are dropped
    whole = x[..., : high * size, : wide * size, :]
    tiles = whole.reshape(*x.shape[:-3], high, size, wide, size, x.shape[-1])
    result: Array = tiles.mean(axis=(-4, -2))
    return result


LAYER = LayerDef(
    "meanpool2d",
    Family.STEPWISE,
    Signature((Argument("size", Kind.SIZE),), 1, (), "meanpool2d(2)"),
    grid=TILES,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the mean of each square tile of a grid",
        arguments={
            "size": "height and width of a tile",
        },
        does="is the mean of each tile of {size} by {size} places{applied}",
        elsewhere=(
            Counterpart(
                "averagepooling2d avgpool2d avgpooling2d meanpooling2d meanpool2d",
                "pool_size strides padding",
            ),
            Counterpart("avgpool2d", "kernel_size stride padding", spelling="AvgPool2d"),
        ),
        renamed={"pool_size": "size", "kernel_size": "size", "pool": "size"},
        instead=ELSEWHERE,
        variable="pooled",
    ),
    order=28,
)
