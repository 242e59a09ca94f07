"""character columns and rows → places: the user's own spacing, evened out, and cut where it is endless."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.picture.grid import ELLIPSIS, JUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.picture.grid import GridRow

MOST_STEPS = 24
"""More columns (or rows) of nodes than this are not drawn ..."""
KEPT_STEPS = 4
"""... but so many at each end: a row of any length can be read in a column of a paper."""

LETTER_WIDTH = 7.3
"""Of a monospaced letter of 12 pixels, with a little room."""

_ROW = 54.0
_CONNECTOR = 22.0
# The least distances in pixels between the middles of what stands side by side in a row.
_NODE, _DOTS, _WIRE = 28.0, 20.0, 6.0
_LEAST_COLUMN = 9.0


class Cut(NamedTuple):
    """The columns or rows after ``first`` and before ``last`` are left out."""

    first: int
    last: int

    def hides(self, place: int) -> bool:
        """Whether a column or row is left out."""
        return self.first < place < self.last


@dataclass(frozen=True, slots=True)
class Axis:
    """Where columns, or rows, are: between ``stops``, at ``places`` in pixels, they are evenly spaced."""

    stops: tuple[int, ...]
    places: tuple[float, ...]
    cut: Cut | None

    def hides(self, place: int) -> bool:
        """Whether a column or row is left out."""
        return self.cut is not None and self.cut.hides(place)

    def at(self, place: int) -> float:
        """Where a column or row is; all that are left out are in the middle of the gap."""
        if self.cut is not None and self.cut.hides(place):
            return (self.at(self.cut.first) + self.at(self.cut.last)) / 2
        index = min(max(bisect_right(self.stops, place) - 1, 0), len(self.stops) - 2)
        left, right = self.stops[index], self.stops[index + 1]
        share = (place - left) / (right - left)
        return self.places[index] + share * (self.places[index + 1] - self.places[index])


class _Item(NamedTuple):
    """Something that takes room in a row, to the left and to the right of its column."""

    column: int
    room: float
    char: str


def columns_of(grid: Sequence[GridRow]) -> Axis:
    """The places of the columns of a picture.

    What stands in some column is a stop. From stop to stop it is as far as in the picture, but no farther than is
    usual in it, and everything is stretched until the fullest row has room::

        O O O          O O O      stops 0 2 4 15 17 19; from 4 to 15 are eleven columns, drawn as three:
        | | |          | | |      1.5 times the usual step of two
        O O O          O O O
    """
    rows = [_items(row) for row in grid]
    stops = {item.column for items in rows for item in items}
    cut = _cut(sorted({item.column for items in rows for item in items if item.char.isalpha()}))
    kept = [stop for stop in sorted(stops) if cut is None or not cut.hides(stop)]
    places = _spaced(kept, _Gaps.of(grid, rows, cut))
    rough = _axis(kept, places, cut)
    scale = max([_LEAST_COLUMN, *(_need(items, rough) for items in rows)])
    return _axis(kept, [place * scale for place in places], cut)


class _Gaps(NamedTuple):
    """What tells how far two neighboring stops are apart.

    Attributes:
        step: how many columns the nodes of the picture usually are apart.
        dots: the columns with an ellipsis.
        handed: the columns between which state is handed to another letter.
        cut: what is left out.
    """

    step: int
    dots: frozenset[int]
    handed: frozenset[tuple[int, int]]
    cut: Cut | None

    @classmethod
    def of(cls, grid: Sequence[GridRow], rows: Sequence[Sequence[_Item]], cut: Cut | None) -> _Gaps:
        dots = frozenset(item.column for items in rows for item in items if item.char == ELLIPSIS)
        handed = frozenset(pair for row in grid for pair in _handed(row))
        return cls(_usual_step(grid), dots, handed, cut)

    def width(self, left: int, right: int) -> float:
        """How far two neighboring stops are apart, in columns."""
        limit = self.step if left in self.dots or right in self.dots else 1.5 * self.step
        if self.cut is not None and left == self.cut.first:
            limit = 2.0 * self.step
        least = 1.6 * self.step if (left, right) in self.handed else 0.0
        return max(min(float(right - left), limit), least)


def _spaced(stops: Sequence[int], gaps: _Gaps) -> list[float]:
    """The places of stops one after the other, from 0."""
    places = [0.0]
    for left, right in pairwise(stops):
        places.append(places[-1] + gaps.width(left, right))
    return places


def _axis(stops: Sequence[int], places: Sequence[float], cut: Cut | None) -> Axis:
    """An axis needs two stops to tell how far columns are apart."""
    if len(stops) == 1:
        stops, places = (stops[0], stops[0] + 1), (places[0], places[0] + 1)
    return Axis(tuple(stops), tuple(places), cut)


def _need(items: Sequence[_Item], rough: Axis) -> float:
    """How much a row has to be stretched until everything in it has room."""
    return max(
        (
            (left.room + right.room) / (rough.at(right.column) - rough.at(left.column))
            for left, right in pairwise(items)
            if rough.at(right.column) > rough.at(left.column)
        ),
        default=0.0,
    )


def _items(row: GridRow) -> list[_Item]:
    found = [
        _Item(middle(row, mark), _room(row, mark, char), char)
        for mark, char in enumerate(row.marks)
    ]
    wires = "|^/\\" if row.is_nodes else "|^"
    found += [_Item(column, _WIRE, char) for column, char in enumerate(row.cells) if char in wires]
    return sorted(found)


def middle(row: GridRow, mark: int) -> int:
    """The column in the middle of a mark."""
    column = row.columns[mark]
    return (column + row.ends.get(mark, column + 1) - 1) // 2 if mark in row.ends else column


def _room(row: GridRow, mark: int, char: str) -> float:
    if char == ELLIPSIS:
        return max(_DOTS, length_width(row.names.get(mark, "")) / 2 + 2)
    return _WIRE if char == JUNCTION else _NODE


def length_width(name: str) -> float:
    """The width of a length's name over its dots."""
    return LETTER_WIDTH * min(len(name), 16)


def _usual_step(grid: Sequence[GridRow]) -> int:
    """How many columns the nodes of a picture usually are apart."""
    gaps = [
        right - left
        for row in grid
        if row.is_nodes
        for (left, before), (right, after) in pairwise(zip(row.columns, row.marks, strict=True))
        if before.isalpha() and after.isalpha()
    ]
    return median_low(gaps) if gaps else 4


def _handed(row: GridRow) -> Iterator[tuple[int, int]]:
    """The columns between which a state wire hands on to another letter: room is made to see it."""
    for mark, join in enumerate(row.joins):
        left, right = row.marks[mark], row.marks[mark + 1]
        if join and left != right and left.isalpha() and right.isalpha():
            yield row.columns[mark], row.columns[mark + 1]


def _cut(places: Sequence[int]) -> Cut | None:
    if len(places) <= MOST_STEPS:
        return None
    return Cut(places[KEPT_STEPS - 1], places[-KEPT_STEPS])


def rows_of(grid: Sequence[GridRow]) -> Axis:
    """The places of the rows of a picture, which count upward: the top one is at zero."""
    numbers = [number for number, row in enumerate(grid) if row.is_nodes]
    cut = _cut(numbers)
    kept = [number for number in numbers if cut is None or not cut.hides(number)]
    heights = [0.0]
    for below, above in pairwise(kept):
        jump = 1 if cut is not None and below == cut.first else above - below - 1
        heights.append(heights[-1] + _ROW + _CONNECTOR * jump)
    return _axis(kept, [heights[-1] - height for height in heights], cut)
