"""pieces of a row's steps → what stands side by side in each, with free places where one is zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
