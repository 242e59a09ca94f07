"""split: one wide vector, or the columns of a grid, cut into the steps of a sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Counterpart, Family, LayerDef, Look, Words

if TYPE_CHECKING:
    from seqdsl.cells.activations import Array


def evaluate(x: Array, parts: int, axes: int = 0) -> Array:
    """A vector (..., features) as (..., parts, features / parts); a grid of so many axes cut along its width."""
    if axes:
        import numpy as np

        # (..., height, width, features): the steps come before the axes of the grid
        return np.stack(np.split(x, parts, -2), -2 - axes)
    # 0 1 2 3 4 5 in 3 parts: 0 1, 2 3, 4 5
    return x.reshape(*x.shape[:-1], parts, -1)


LAYER = LayerDef(
    "split",
    Family.SPLIT,
    evaluate=evaluate,
    look=Look.COMBINE,
    words=Words(
        summary="one wide vector, or the width of a grid, cut into steps",
        elsewhere=(
            Counterpart(
                "reshape unflatten chunk unstack view",
                write="split",
                draw="it cuts a vector into as many steps as its row has nodes",
            ),
        ),
    ),
    order=16,
)
