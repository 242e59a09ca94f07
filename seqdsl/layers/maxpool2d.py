"""the largest value of each square tile of a grid; rows and columns that fill no tile are dropped."""

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
    result: Array = tiles.max(axis=(-4, -2))
    return result


LAYER = LayerDef(
    "maxpool2d",
    Family.STEPWISE,
    Signature((Argument("size", Kind.SIZE),), 1, (), "maxpool2d(2)"),
    grid=TILES,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="the largest value of each square tile of a grid",
        arguments={
            "size": "height and width of a tile",
        },
        does="is the largest value of each tile of {size} by {size} places{applied}",
        elsewhere=(
            Counterpart("maxpooling2d maxpool2d", "pool_size strides padding"),
            Counterpart("maxpool2d", "kernel_size stride padding", spelling="MaxPool2d"),
        ),
        renamed={"pool_size": "size", "kernel_size": "size", "pool": "size"},
        instead=ELSEWHERE,
        variable="pooled",
    ),
    order=27,
)
