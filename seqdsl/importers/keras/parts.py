"""pieces of a row's steps → what stands side by side in each, with free places where one is zero."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from seqdsl.layout.wiring import Part, Source


class Piece(NamedTuple):
    """A run of features of one step that come from one source; ``None``: they are zero."""

    start: int
    width: int
    source: Source | None


def aligned(rows: Sequence[Sequence[Piece]]) -> tuple[tuple[Part, ...], ...]:
    """What each step reads; a step of which nothing is wired reads nothing.

    A zero takes as many places as other steps have sources there::

        A A B        (A, B)
        0 0 B        (None, B)
        0 0 0        ()
    """
    cuts = sorted({piece.start for row in rows for piece in row if piece.source is not None})
    return tuple(tuple(_step(row, cuts)) for row in rows)


def _step(row: Sequence[Piece], cuts: Sequence[int]) -> Iterator[Part]:
    if all(piece.source is None for piece in row):
        return
    for piece in row:
        if piece.source is not None:
            yield piece.source
            continue
        inside = sum(piece.start < cut < piece.start + piece.width for cut in cuts)
        yield from [None] * (1 + inside)


def run_of(flat: NDArray[np.int64], most: int) -> int:
    """How many ids go up by one from the first."""
    part = flat[:most]
    breaks = np.nonzero(part != part[0] + np.arange(len(part)))[0]
    return int(breaks[0]) if len(breaks) else len(part)


def are_rows(shape: Sequence[int], first: int, count: int) -> bool:
    """Whether some values of an image, in its order, are one of equal parts of its rows.

    An image of one row is cut into its columns instead.
    """
    row = prod(shape[1:])
    parts_fit = not prod(shape) % count and not first % count
    return len(shape) > 2 and shape[0] > 1 and parts_fit and not count % row
