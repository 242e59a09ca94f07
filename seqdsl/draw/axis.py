"""character columns and rows → places: the user's own spacing, evened out, and cut where it is too long."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.density import USUAL
from seqdsl.draw.spacing import Spacing
from seqdsl.picture.grid import ELLIPSIS, JUNCTION, STATE_END

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seqdsl.draw.density import Density
    from seqdsl.picture.grid import GridRow

MOST_STEPS = 24
"""More columns (or rows) of nodes than this are not drawn ..."""
KEPT_STEPS = 3
"""... but so many at each end: a row of any length can be read in a column of a paper."""

LETTER_WIDTH = 7.3
"""Of a monospaced letter of 12 pixels, with a little room."""

# In pixels: half of what dots and a wire take in a row, and from a node's room to a wire that runs upward beside it.
_DOTS, _WIRE, _BESIDE = 20.0, 6.0, 2.0


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
        # Column 10 between the stops 4 (112 pixels) and 15 (196) is at 112 + 6/11 * 84; what lies outside of all
        # stops goes on at the pace of the outermost two.
        index = min(max(bisect_right(self.stops, place) - 1, 0), len(self.stops) - 2)
        left, right = self.stops[index], self.stops[index + 1]
        share = (place - left) / (right - left)
        return self.places[index] + share * (self.places[index + 1] - self.places[index])


class _Item(NamedTuple):
    """Something that takes room in a row, to the left and to the right of its column."""

    column: int
    room: float
    char: str

    @property
    def is_wire(self) -> bool:
        """Whether it is but a line."""
        return self.room == _WIRE


def columns_of(
    grid: Sequence[GridRow], rooms: Mapping[int, float] | None = None, density: Density = USUAL
) -> Axis:
    """The places of the columns of a picture.

    What stands in some column is a stop. From stop to stop it is as far as in the picture, but no farther than is
    usual in it, and what is too near in some row is stretched, there alone, until it has room::

        O O O          O O O      stops 0 2 4 15 17 19; from 4 to 15 are eleven columns, drawn as three:
        | | |          | | |      1.5 times the usual step of two
        O O O          O O O

    Args:
        grid: the rows.
        rooms: half the width of the nodes of a row, where they are wider than usual.
        density: how close together things are.
    """
    halves = [(rooms or {}).get(number, density.half) for number in range(len(grid))]
    rows = [_items(row, half + density.around) for row, half in zip(grid, halves, strict=True)]
    stops = {item.column for items in rows for item in items}
    # Of a row of 60 nodes the middle is cut out: only nodes tell where, as wires run through what is cut.
    cut = _cut(sorted({item.column for items in rows for item in items if item.char.isalpha()}))
    kept = _kept(stops, cut)
    gaps = _Gaps.of(grid, cut, density.widest).widths(kept)
    spacing = Spacing(kept, [density.least_column * width for width in gaps])
    if cut is not None:
        spacing.need(cut.first, cut.last, 2 * max(halves) + density.cut)
    for left, right, room in chain(_needs(rows, density.widest), _passed(grid, halves, density)):
        spacing.need(left, right, room)
    spacing.even(_node_pairs(rows))
    return _axis(kept, spacing.places(), cut)


def _kept(stops: Iterable[int], cut: Cut | None) -> list[int]:
    """The stops that are drawn, left to right."""
    return [stop for stop in sorted(stops) if cut is None or not cut.hides(stop)]


class _Gaps(NamedTuple):
    """How far two neighboring stops are apart.

    Attributes:
        step: how many columns the nodes of the picture usually are apart.
        dots: the columns with an ellipsis.
        cut: what is left out.
        widest: how many times the step they are apart at most.
    """

    step: int
    dots: frozenset[int]
    cut: Cut | None
    widest: float

    @classmethod
    def of(cls, grid: Sequence[GridRow], cut: Cut | None, widest: float) -> _Gaps:
        dots = frozenset(
            middle(row, mark)
            for row in grid
            for mark, char in enumerate(row.marks)
            if char == ELLIPSIS
        )
        return cls(_usual_step(grid), dots, cut, widest)

    def widths(self, stops: Sequence[int]) -> list[float]:
        """How far each stop is from the next, in columns."""
        return [self.width(left, right) for left, right in pairwise(stops)]

    def width(self, left: int, right: int) -> float:
        """How far two neighboring stops are apart, in columns."""
        limit = self.step if left in self.dots or right in self.dots else self.widest * self.step
        if self.cut is not None and left == self.cut.first:
            limit = 2.0 * self.step
        return min(float(right - left), limit)


def _axis(stops: Sequence[int], places: Sequence[float], cut: Cut | None) -> Axis:
    """The axis through stops; of a single stop with a second one, one column on, as places need two."""
    if len(stops) == 1:
        stops, places = (stops[0], stops[0] + 1), (places[0], places[0] + 1)
    return Axis(tuple(stops), tuple(places), cut)


def _needs(rows: Sequence[Sequence[_Item]], widest: float) -> Iterator[tuple[int, int, float]]:
    """The columns that stand side by side in some row, and how far they have to be apart."""
    for items in rows:
        for left, right in pairwise(items):
            is_beside_wire = left.is_wire != right.is_wire
            room = (
                max(left.room, right.room) + _BESIDE if is_beside_wire else left.room + right.room
            )
            yield left.column, right.column, room
        yield from _breaks([item for item in items if not item.is_wire], widest)


def _breaks(nodes: Sequence[_Item], widest: float) -> Iterator[tuple[int, int, float]]:
    """The gaps of a row that are wider than those beside them, which a reader takes for the end of something.

    ::

        H-H-H   H-H-H   Z Z     both wide ones; but not those of a row whose nodes all are far apart
    """
    gaps = [right.column - left.column for left, right in pairwise(nodes)]
    for at, (left, right) in enumerate(pairwise(nodes)):
        # Of one letter only what is wider on both sides is a break: in `H   H H` the first may be a step as others.
        beside = gaps[max(at - 1, 0) : at] + gaps[at + 1 : at + 2]
        if beside and gaps[at] > (min if left.char != right.char else max)(beside):
            wide = min(gaps[at] / min(beside), widest)
            yield left.column, right.column, wide * (left.room + right.room)


def _node_pairs(rows: Sequence[Sequence[_Item]]) -> list[list[tuple[int, int]]]:
    """The neighboring nodes of one letter that stand equally far apart in the picture: so they do in the drawing."""
    groups = []
    for items in rows:
        nodes = [item for item in items if not item.is_wire]
        alike: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for left, right in pairwise(nodes):
            if left.char == right.char and left.char.isalpha():
                key = left.char, right.column - left.column
                alike.setdefault(key, []).append((left.column, right.column))
        groups += [pairs for pairs in alike.values() if len(pairs) > 1]
    return groups


def _items(row: GridRow, node: float) -> list[_Item]:
    """What takes room in a row, left to right; ``node``: how far a node's room reaches to each side."""
    marks = [
        _Item(middle(row, mark), _room(row, mark, char, node), char)
        for mark, char in enumerate(row.marks)
    ]
    wires = "|^/\\" if row.is_nodes else "|^"
    wired = [_Item(column, _WIRE, char) for column, char in enumerate(row.cells) if char in wires]
    return sorted(marks + wired)


def middle(row: GridRow, mark: int) -> int:
    """The column in the middle of a mark."""
    column = row.columns[mark]
    # ..n..      an ellipsis is a mark of several columns, and its wire leaves at the middle one
    return (column + row.ends.get(mark, column + 1) - 1) // 2 if mark in row.ends else column


def _room(row: GridRow, mark: int, char: str, node: float) -> float:
    if char == ELLIPSIS:
        return max(_DOTS, length_width(row.names.get(mark, "")) / 2 + 2)
    if char == STATE_END:
        return _DOTS
    return _WIRE if char == JUNCTION else node


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


def _passed(
    grid: Sequence[GridRow], halves: Sequence[float], density: Density
) -> Iterator[tuple[int, int, float]]:
    """The columns between which a state wire leads to another letter, and the room that its label needs."""
    for row, half in zip(grid, halves, strict=True):
        for mark, join in enumerate(row.joins):
            left, right = row.marks[mark], row.marks[mark + 1]
            if join and left != right and left.isalpha() and right.isalpha():
                yield row.columns[mark], row.columns[mark + 1], 2 * half + density.passed


def _cut(places: Sequence[int]) -> Cut | None:
    # 50 nodes in the columns 0, 2, ..., 98: those after column 22 and before column 76 are left out.
    if len(places) <= MOST_STEPS:
        return None
    return Cut(places[KEPT_STEPS - 1], places[-KEPT_STEPS])


def rows_of(grid: Sequence[GridRow], density: Density = USUAL) -> Axis:
    """The places of the rows of a picture, which count upward: the top one is at zero."""
    numbers = [number for number, row in enumerate(grid) if row.is_nodes]
    cut = _cut(numbers)
    drawn = [number for number in numbers if cut is None or not cut.hides(number)]
    heights = [0.0]
    for below, above in pairwise(drawn):
        # Y
        # |      one row of wires between two of nodes: 54 + 22 pixels
        # X
        jump = 1 if cut is not None and below == cut.first else above - below - 1
        heights.append(heights[-1] + density.row + density.connector * jump)
    return _axis(drawn, [heights[-1] - height for height in heights], cut)
