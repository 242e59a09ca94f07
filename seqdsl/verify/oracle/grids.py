"""layers over grids: what each computes of the numbers of a step, which are kept one after the other.

To the walk a grid is a vector: height by height, width by width, all features of a place. What a layer does to places
it does here, with indices and no more::

    2 x 2 places of 2 features     a0 a1 b0 b1 c0 c1 d0 d1     the places a b in the first row, c d in the second
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.values import Walk

    Grid = tuple[int, ...]


def grid_of(walk: Walk, index: int) -> Grid:
    """The places that each step of a block holds."""
    kind, read = walk.kind(index), walk.grid_read(index)
    if not read or kind in ("flatten", "mean_grid", "max_grid"):
        return ()
    if kind == "split":
        # Each step has some of the columns.
        return (*read[:-1], read[-1] // walk.steps.counts[index])
    if kind == "conv2d":
        return tuple(len(_starts(walk, index, side)) for side in read)
    # 5 places in tiles of 2: two tiles, and one place is left over.
    if kind in ("maxpool2d", "meanpool2d"):
        return tuple(side // walk.size(index, "size") for side in read)
    return read


def _starts(walk: Walk, index: int, side: int) -> list[int]:
    """Where the windows of a convolution begin along one side; in front of it where it is padded."""
    kernel, apart = walk.size(index, "kernel"), _stride(walk, index)
    # Side 5, kernel 4, padded: from -1, up to where the window 3 4 5 6 ends two behind the last place, 4.
    before = 0 if walk.argument(index, "padding") == "valid" else (kernel - 1) // 2
    after = 0 if walk.argument(index, "padding") == "valid" else kernel - 1 - before
    return [
        start for start in range(-before, side + after - kernel + 1) if not (start + before) % apart
    ]


def _stride(walk: Walk, index: int) -> int:
    return 1 if walk.argument(index, "stride") is None else walk.size(index, "stride")


def conv2d(walk: Walk, index: int) -> list[Array]:
    """A window around each place: one product for each place of the window, zero beyond the edges."""
    weights, function = walk.weights[index], walk.function(index, "activation", "linear")
    kernel, bias = weights["kernel"], weights.get("bias", np.zeros(1))
    high, wide = walk.grid_read(index)
    size = walk.size(index, "kernel")

    def windows(x: Array) -> Array:
        places = _apart(x, high * wide)
        rows = []
        # Window by window, row by row; what lies beyond an edge is zero, and adds nothing.
        for top in _starts(walk, index, high):
            for left in _starts(walk, index, wide):
                found = bias + walk.zeros(kernel.shape[-1])
                for row in range(max(top, 0), min(top + size, high)):
                    for column in range(max(left, 0), min(left + size, wide)):
                        tap = kernel[..., row - top, column - left, :, :]
                        found = found + places[..., row * wide + column, :] @ tap
                rows.append(function(found))
        return walk.join(rows)

    return [windows(x) for x in walk.inputs(index)]


def _apart(x: Array, count: int) -> Array:
    """The numbers of a step, place by place: (..., batch, places, features)."""
    return x.reshape(*x.shape[:-1], count, -1)


def _pooled(rule: Callable[[list[Array]], Array]) -> Callable[[Walk, int], list[Array]]:
    """Tiles side by side, each as one place; what is left over at the right and below is dropped."""

    def pooled(walk: Walk, index: int) -> list[Array]:
        high, wide = walk.grid_read(index)
        size = walk.size(index, "size")

        def tiles(x: Array) -> Array:
            # The place in row r and column c is the number r * width + c.
            places = _apart(x, high * wide)
            return walk.join(
                [
                    rule(
                        [
                            places[..., (size * row + down) * wide + size * column + right, :]
                            for down in range(size)
                            for right in range(size)
                        ]
                    )
                    for row in range(high // size)
                    for column in range(wide // size)
                ]
            )

        return [tiles(x) for x in walk.inputs(index)]

    return pooled


def _over_all(rule: Callable[[list[Array]], Array]) -> Callable[[Walk, int], list[Array]]:
    """All places as one."""

    def over_all(walk: Walk, index: int) -> list[Array]:
        count = int(np.prod(walk.grid_read(index)))
        return [
            rule([_apart(x, count)[..., place, :] for place in range(count)])
            for x in walk.inputs(index)
        ]

    return over_all


def _largest(values: list[Array]) -> Array:
    found = values[0]
    for value in values[1:]:
        # By the real part: the imaginary one is a derivative.
        found = np.where(found.real >= value.real, found, value)
    return found


def _mean(values: list[Array]) -> Array:
    return sum(values[1:], values[0]) / len(values)


def flatten(walk: Walk, index: int) -> list[Array]:
    """The numbers of a step as they are."""
    return walk.inputs(index)


GRID_KINDS: dict[str, Callable[[Walk, int], list[Array]]] = {
    "conv2d": conv2d,
    "flatten": flatten,
    "max_grid": _over_all(_largest),
    "maxpool2d": _pooled(_largest),
    "mean_grid": _over_all(_mean),
    "meanpool2d": _pooled(_mean),
}
