"""blocks → gaps: which distances between neighbors in a row are alike, and which set blocks apart.

Within a block all nodes are equally far apart, and so are the junctions of a bus that is drawn evenly.
Between blocks there are three distances, as drawn: tight, like the nodes of the blocks, and set apart; all
other differences are accidents of drawing.
"""

from __future__ import annotations

import itertools
from enum import Enum
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.formatter.tokens import Keys, Token
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow

TIGHT = 2
"""The distance of neighbors that have nothing but one space or one wire between them."""


class Kind(Enum):
    """How far apart two neighbors are to be."""

    EVEN = "as all nodes of the block"
    LIKE = "at least as the nodes of the blocks beside it"
    APART = "further apart than those"
    TIGHT = "with one blank or wire between them"


class Gap(NamedTuple):
    """Two neighbors in a row.

    Attributes:
        left: the key of the left one.
        right: the key of the right one.
        room: the columns that they themselves take between their keys.
        drawn: their distance as drawn.
        kind: how far apart they are to be.
        blocks: the blocks whose nodes' distance counts; a bus is numbered after them.
    """

    left: int
    right: int
    room: int
    drawn: int
    kind: Kind
    blocks: tuple[int, ...]


def find_gaps(
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    rows: Sequence[Sequence[Token]],
    keys: Keys,
) -> list[Gap]:
    """The gaps between the nodes, ellipses and junctions of all rows of nodes."""
    by_row: dict[int, list[int]] = {}
    for index, block in enumerate(blocks):
        by_row.setdefault(block.row, []).append(index)
    drawn: dict[int, int] = {}
    inner: list[Gap] = []
    outer: list[Gap] = []
    for number, indices in by_row.items():
        places = _Places(grid[number], rows[number], keys.of[number])
        for index in indices:
            found = list(_inner(places, blocks[index], index))
            even = [gap.drawn for gap in found if gap.kind is Kind.EVEN]
            # Y Y   Y      gaps of 2 and 4: 2 is usual, and with `median_low` always a distance that is drawn somewhere
            drawn[index] = median_low(even) if even else TIGHT
            inner += [_like_drawn(gap, drawn) for gap in found]
        outer += [_outer(gap, drawn) for gap in places.between(blocks, indices)]
    buses = list(_buses(grid, rows, keys, len(blocks)))
    return _set_apart(inner, outer, drawn, len(keys.columns)) + outer + buses


def _buses(
    grid: Sequence[GridRow], rows: Sequence[Sequence[Token]], keys: Keys, number: int
) -> Iterator[Gap]:
    """The gaps of each bus between rows whose junctions are drawn equally far apart, say with one in the middle."""
    for row, found, numbers in zip(grid, rows, keys.of, strict=True):
        if row.is_nodes or "+" not in row.marks:
            continue
        places = _Places(row, found, numbers)
        for first, last in _runs(row):
            gaps = [places.gap(mark, mark + 1, Kind.EVEN, (number,)) for mark in range(first, last)]
            if len({gap.drawn for gap in gaps}) == 1:
                yield from gaps
                number += 1


def _runs(row: GridRow) -> Iterator[tuple[int, int]]:
    """The first and the last junction of each bus of a row."""
    first = 0
    for mark, join in enumerate([*row.joins, ""]):
        if not join:
            if mark > first:
                yield first, mark
            first = mark + 1


class _Places:
    """Which tokens of a row are its marks, and their keys."""

    def __init__(self, row: GridRow, tokens: Sequence[Token], keys: Sequence[int]) -> None:
        self.marks = row.marks
        pairs = [pair for pair in zip(tokens, keys, strict=True) if pair[0].text[0] not in "|^/\\"]
        self.tokens = [token for token, _ in pairs]
        self.keys = [key for _, key in pairs]

    def gap(self, left: int, right: int, kind: Kind, blocks: tuple[int, ...]) -> Gap:
        """The gap between two marks."""
        before, after = self.tokens[left], self.tokens[right]
        room = before.right + after.left
        drawn = after.start - before.last
        return Gap(self.keys[left], self.keys[right], room, drawn, kind, blocks)

    def between(self, blocks: Sequence[DrawnBlock], indices: Sequence[int]) -> Iterator[Gap]:
        """The gaps between the row's blocks, and between those and junctions."""
        owner = {
            mark: i for i in indices for mark in range(blocks[i].marks[0], blocks[i].marks[1] + 1)
        }
        for mark in range(len(self.marks) - 1):
            left, right = owner.get(mark), owner.get(mark + 1)
            if left is None or left != right:
                beside = tuple(index for index in (left, right) if index is not None)
                yield self.gap(mark, mark + 1, Kind.LIKE, beside)


def _inner(places: _Places, block: DrawnBlock, index: int) -> Iterator[Gap]:
    first, last = block.marks
    marks = [mark for mark in range(first, last + 1) if places.marks[mark] != "+"]
    for left, right in itertools.pairwise(marks):
        elided = "." in (places.marks[left], places.marks[right])
        yield places.gap(left, right, Kind.LIKE if elided else Kind.EVEN, (index,))


def _like_drawn(gap: Gap, drawn: dict[int, int]) -> Gap:
    """Beside an ellipsis: as far apart as the nodes, unless drawn closer."""
    if gap.kind is Kind.LIKE and gap.drawn < drawn[gap.blocks[0]]:
        return gap._replace(kind=Kind.TIGHT)
    return gap


def _outer(gap: Gap, drawn: dict[int, int]) -> Gap:
    usual = max((drawn[index] for index in gap.blocks), default=TIGHT)
    if gap.drawn > usual:
        return gap._replace(kind=Kind.APART)
    return gap._replace(kind=Kind.TIGHT) if gap.drawn < usual else gap


def _set_apart(
    inner: Sequence[Gap], outer: Sequence[Gap], drawn: dict[int, int], size: int
) -> list[Gap]:
    """Where blocks of another row are set apart, a block over or under them may follow suit."""
    # A A   B B      the gap from A to B sets blocks apart (4 > 2). The middle gap of the Xs is as wide and has
    # | |   | |      the other between its ends, so the Xs need not be evenly spaced there.
    # X X   X X
    nearest = [size] * (size + 1)
    for gap in outer:
        if gap.kind is Kind.APART:
            nearest[gap.left] = min(nearest[gap.left], gap.right)
    # Then, for each key, where the nearest gap ends that begins there or further right: one pass instead of
    # a search for each of the inner gaps.
    for key in range(size - 1, -1, -1):
        nearest[key] = min(nearest[key], nearest[key + 1])
    return [
        gap._replace(kind=Kind.TIGHT)
        if gap.kind is Kind.EVEN
        and gap.drawn > drawn[gap.blocks[0]]
        and nearest[gap.left] <= gap.right
        else gap
        for gap in inner
    ]
