"""picture → cells: keys, their columns, and all rows of characters; widened where wires have no room."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqdsl.layout import canvas
from seqdsl.layout.columns import Limit, narrowest
from seqdsl.layout.picture import Ellipsis, Junction, Node, Picture, StateWire, Unplaceable
from seqdsl.layout.route import APART, Lines, NoRoom, route
from seqdsl.layout.tracks import Gap, Tracks, find_tracks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.layout.canvas import Cells
    from seqdsl.layout.lanes import Place
    from seqdsl.layout.picture import Mark, Row

_ROUNDS = 400
_EVEN_ROUNDS = 12
_PATIENCE = 8
_CROSSINGS = 3


@dataclass(frozen=True)
class Drawn:
    """A row of characters, and the row of the picture that it is; ``None`` for a row of wires."""

    cells: Cells
    row: int | None = None


def draw(picture: Picture) -> list[Drawn]:
    """All rows of a picture whose marks have places, the bottom row first.

    Raises:
        Unplaceable: its rows do not keep the order of their places.
    """
    barred: set[frozenset[Place]] = set()
    tracks = find_tracks(picture)
    keys = _Keys(picture, tracks)
    crossings: Counter[frozenset[Place]] = Counter()
    for _ in range(_ROUNDS):
        columns = keys.columns()
        try:
            return list(_rows(picture, tracks, dict(zip(keys.places, columns, strict=True))))
        except NoRoom as narrow:
            keys.widen(columns, narrow)
            pair = keys.pair(columns, narrow)
            crossings[pair] += narrow.end is not None
        if crossings[pair] > _CROSSINGS:
            # Three rows may each want an odd distance where two of them add up to the third.
            barred.add(pair)
            tracks = find_tracks(picture, barred)
            keys = _Keys(picture, tracks)
            crossings.clear()
    raise Unplaceable("the wires have no room, however wide the picture is drawn")


class _Keys:
    """The columns that matter, left to right, and how far apart they have to be."""

    def __init__(self, picture: Picture, tracks: Tracks) -> None:
        marks = {place(mark) for row in picture.rows for mark in row.marks}
        self.places: list[Place] = sorted(tracks.places() | marks)
        self.number = {place: key for key, place in enumerate(self.places)}
        self.limits: list[Limit] = [(key, key + 1, APART) for key in range(len(self.places) - 1)]
        self.even: list[list[tuple[int, int]]] = []
        self.ends = sorted(
            self.number[place(mark)]
            for row in picture.rows
            for mark in row.marks
            if isinstance(mark, Junction)
        )
        for row, lanes in zip(picture.rows, tracks.lanes, strict=True):
            self._spread(row, lanes)
        self._part(picture)

    def _spread(self, row: Row, lanes: set[Place]) -> None:
        """Keep what stands in one row apart, and the nodes of each block equally far."""
        marks = row.marks
        spans = [(self.number[place(mark)], *_halves(mark)) for mark in marks]
        if any(left[0] >= right[0] for left, right in itertools.pairwise(spans)):
            raise Unplaceable("the marks of a row do not stand in the order of their places")
        for mark, (left, right) in zip(marks[1:], itertools.pairwise(spans), strict=True):
            if mark.apart:
                self.limits.append((left[0], right[0], left[2] + right[1] + 2 * APART))
        spans += [(self.number[lane], 0, 0) for lane in lanes]
        for left, right in itertools.pairwise(sorted(spans)):
            self.limits.append((left[0], right[0], left[2] + right[1] + APART))
        touched = {
            mark
            for at, join in enumerate(row.joins)
            if join is not StateWire.NONE
            for mark in marks[at : at + 2]
        }
        letters = {mark.letter for mark in touched if isinstance(mark, Node)}
        gaps: list[tuple[int, int]] = []
        for at, (one, other) in enumerate(itertools.pairwise(marks)):
            alike = isinstance(one, Node) and isinstance(other, Node) and one.letter == other.letter
            # Where state wires touch a letter, a gap without one is the end of its block.
            joined = row.join(at) is not StateWire.NONE or not _is_one_of(one, letters)
            gap = self.number[place(one)], self.number[place(other)]
            # Where the state of another row ends in between, its blocks are set apart.
            within = bisect_right(self.ends, gap[0]) < bisect_left(self.ends, gap[1])
            if alike and joined and not within and not other.apart:
                gaps.append(gap)
            elif not isinstance(one, Ellipsis) and not isinstance(other, Ellipsis):
                self.even.append(gaps)
                gaps = []
        self.even.append(gaps)

    def _part(self, picture: Picture) -> None:
        """Keep ellipses of different stretches of time from standing above each other."""
        widest: dict[int, tuple[int, int]] = {}
        for row in picture.rows:
            for mark in row.marks:
                if isinstance(mark, Ellipsis):
                    key, left, right = self.number[place(mark)], *_halves(mark)
                    low, high = widest.get(key, (0, 0))
                    widest[key] = max(low, left), max(high, right)
        for (left, ends), (right, begins) in itertools.pairwise(sorted(widest.items())):
            self.limits.append((left, right, ends[1] + begins[0] + APART))

    def columns(self) -> list[int]:
        """The narrowest columns; the nodes of a block equally far apart where that is possible."""
        even = [gaps for gaps in self.even if len(gaps) > 1]
        for left in range(_PATIENCE, -1, -1):
            columns, uneven = self._evened(even)
            if not uneven:
                break
            # The topmost block gives way, as it picks its steps from the row below; in the end all do.
            even = [
                gaps
                for gaps in even
                if (gaps is not uneven[-1] if left > 1 else gaps not in uneven)
            ]
        return columns

    def _evened(
        self, even: Sequence[list[tuple[int, int]]]
    ) -> tuple[list[int], list[list[tuple[int, int]]]]:
        """The narrowest columns, and the blocks whose nodes did not come out equally far apart.

        To widen one gap may widen another block's, so this is repeated while anything changes.
        """
        columns = narrowest(len(self.places), self.limits)
        widest = 2 * max((_pitch(gaps, columns) for gaps in even), default=0) + 2 * APART
        for _ in range(_EVEN_ROUNDS):
            pitches = [_pitch(gaps, columns) for gaps in even]
            wider = [
                (left, right, pitch)
                for gaps, pitch in zip(even, pitches, strict=True)
                for left, right in gaps
            ]
            # Blocks that cannot both be even push each other apart for ever.
            if all(columns[b] - columns[a] == far for a, b, far in wider) or max(pitches) > widest:
                break
            columns = narrowest(len(self.places), [*self.limits, *wider])
        found = [
            gaps
            for gaps in even
            if any(columns[b] - columns[a] != _pitch(gaps, columns) for a, b in gaps)
        ]
        return columns, found

    def widen(self, columns: Sequence[int], narrow: NoRoom) -> None:
        """Make more room on both sides of a column, or between two."""
        key, end = self._ends(columns, narrow)
        pairs = [(key, end)] if narrow.end is not None else [(key - 1, key), (key, key + 1)]
        for left, right in pairs:
            if left >= 0 and right < len(columns):
                self.limits.append((left, right, columns[right] - columns[left] + 1))

    def pair(self, columns: Sequence[int], narrow: NoRoom) -> frozenset[Place]:
        """The places between which there is no room."""
        return frozenset(self.places[key] for key in self._ends(columns, narrow))

    def _ends(self, columns: Sequence[int], narrow: NoRoom) -> tuple[int, int]:
        key = max(bisect_right(columns, narrow.column) - 1, 0)
        return key, key if narrow.end is None else bisect_right(columns, narrow.end) - 1


def _pitch(gaps: Sequence[tuple[int, int]], columns: Sequence[int]) -> int:
    """The widest of some gaps."""
    return max(columns[right] - columns[left] for left, right in gaps)


def place(mark: Mark) -> Place:
    """The place of a mark."""
    assert mark.place is not None
    return mark.place, 0


def _is_one_of(mark: Mark, letters: set[str]) -> bool:
    return isinstance(mark, Node) and mark.letter in letters


def _halves(mark: Mark) -> tuple[int, int]:
    """How many columns of a mark stand to the left, and to the right, of its middle."""
    size = len(mark.text) if isinstance(mark, Ellipsis) else 1
    return (size - 1) // 2, size // 2


def _rows(picture: Picture, tracks: Tracks, columns: Mapping[Place, int]) -> Iterator[Drawn]:
    for number, row in enumerate(picture.rows):
        yield from (Drawn(cells) for cells in _wires(tracks.gaps[number], columns))
        lanes = [columns[place] for place in tracks.lanes[number]]
        yield Drawn(_nodes(row.marks, row.joins, lanes, columns), number)


def _nodes(
    marks: Sequence[Mark],
    joins: Sequence[StateWire],
    lanes: Sequence[int],
    columns: Mapping[Place, int],
) -> Cells:
    """A row of nodes: its marks, its state wires, and the wires that pass."""
    cells: Cells = {}
    spans = []
    for mark in marks:
        text = _text(mark)
        start = columns[place(mark)] - _halves(mark)[0]
        cells |= canvas.text(start, text)
        spans.append((start, start + len(text) - 1))
    for join, (_, left), (right, _) in zip(joins, spans, spans[1:], strict=False):
        if join is not StateWire.NONE:
            cells |= canvas.state_wire(left, right, join.value)
    return cells | canvas.straight(lanes)


def _text(mark: Mark) -> str:
    if isinstance(mark, Junction):
        return "+"
    return mark.letter if isinstance(mark, Node) else mark.text


def _wires(gap: Gap, columns: Mapping[Place, int]) -> list[Cells]:
    """The rows of wires between two rows of nodes."""
    starts = {columns[item] for item in gap.starts}
    kept = {columns[item] for item in gap.kept}
    nets = [
        Lines(
            tuple(columns[item] for item in net.sources),
            tuple(columns[item] for item in net.targets),
        )
        for net in gap.nets
    ]
    rows = route(nets, starts, kept)
    ends = {columns[item] for item in gap.straight}
    slants = _slants([(columns[item.foot], columns[item.head]) for item in gap.slants], ends)
    if rows and "+" in rows[0].values():
        rows.insert(0, canvas.straight(starts))
    if not slants and ends:
        rows.append(canvas.straight(ends))
    elif rows and "+" not in rows[-1].values():
        # A slanted wire has to arrive before another one begins there:   /
        #                                                               \|
        rows.append(canvas.straight(kept | {column for net in nets for column in net.targets}))
    return rows + slants


def _slants(ways: Sequence[tuple[int, int]], ends: set[int]) -> list[Cells]:
    """The rows of slanted wires right below a row of nodes.

        Y Y Y      All of them end in the same row; a foot stands until the last wire that begins there, and an end
        |/|/|      to the top.
        X X X

    Args:
        ways: the columns of their feet and heads.
        ends: the columns that go straight up into the row.

    Raises:
        NoRoom: two of them meet.
    """
    height = max((abs(head - foot) - 1 for foot, head in ways), default=0)
    rows = [canvas.straight(ends) for _ in range(height)]
    for foot, head in ways:
        start = height - abs(head - foot) + 1
        drawn = [{foot: "|"} for _ in range(start)] + canvas.slant(foot, head)
        for row, cells in zip(rows, drawn, strict=True):
            for column, sign in cells.items():
                if row.setdefault(column, sign) != sign:
                    # Two that cross need a middle between two columns:   \/   an odd distance.
                    #                                                     /\
                    raise NoRoom(min(foot, head), max(foot, head))
    return rows
