"""placed picture and tracks → keys: the columns that matter, and how far apart they have to be."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from seqdsl.layout.columns import Limit, narrowest
from seqdsl.layout.picture import Ellipsis, Junction, Node, Picture, Row, StateWire, Unplaceable
from seqdsl.layout.route import APART

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layout.lanes import Place
    from seqdsl.layout.picture import Mark
    from seqdsl.layout.route import NoRoom
    from seqdsl.layout.tracks import Tracks

_EVEN_ROUNDS = 12
_PATIENCE = 8


class Keys:
    """The columns that matter, left to right, and how far apart they have to be."""

    def __init__(self, picture: Picture, tracks: Tracks) -> None:
        """Number all places from left to right, and note what has to be apart.

        Raises:
            Unplaceable: the marks of a row are not in the order of their places.
        """
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
            self.even += self._blocks(row)
        self._part(picture)

    def _spread(self, row: Row, lanes: set[Place]) -> None:
        """Keep the marks and lanes of one row apart."""
        marks = row.marks
        spans = [(self.number[place(mark)], *halves(mark)) for mark in marks]
        if any(left[0] >= right[0] for left, right in itertools.pairwise(spans)):
            raise Unplaceable("the marks of a row are not in the order of their places")
        for mark, (left, right) in zip(marks[1:], itertools.pairwise(spans), strict=True):
            if mark.apart:
                self.limits.append((left[0], right[0], left[2] + right[1] + 2 * APART))
        # A wire that passes the row takes a column like a mark: `H-|-H` needs a cell of the state wire on each side.
        spans += [(self.number[lane], 0, 0) for lane in lanes]
        for left, right in itertools.pairwise(sorted(spans)):
            self.limits.append((left[0], right[0], left[2] + right[1] + APART))

    def _blocks(self, row: Row) -> Iterator[list[tuple[int, int]]]:
        """The gaps between the nodes of each block of a row, which are to be equally wide.

        ::

            X X ... X Y Y      two blocks: an ellipsis is passed over, another letter ends the block
            H-H-H   H-H-H      two blocks: the state wire ends in between
        """
        touched = _letters_on_wires(row)
        gaps: list[tuple[int, int]] = []
        for at, (one, other) in enumerate(itertools.pairwise(row.marks)):
            # Where state wires touch a letter, a gap without one is the end of its block.
            joined = row.join(at) is not StateWire.NONE or not _is_one_of(one, touched)
            gap = self.number[place(one)], self.number[place(other)]
            if _are_alike(one, other) and joined and not other.apart and not self._is_cut(gap):
                gaps.append(gap)
            elif not isinstance(one, Ellipsis) and not isinstance(other, Ellipsis):
                yield gaps
                gaps = []
        yield gaps

    def _is_cut(self, gap: tuple[int, int]) -> bool:
        """Whether the state of another row ends within a gap: its blocks are set apart there."""
        return bisect_right(self.ends, gap[0]) < bisect_left(self.ends, gap[1])

    def _part(self, picture: Picture) -> None:
        """Keep ellipses of different stretches of time from being above each other."""
        widest: dict[int, tuple[int, int]] = {}
        for row in picture.rows:
            for mark in row.marks:
                if isinstance(mark, Ellipsis):
                    key, left, right = self.number[place(mark)], *halves(mark)
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
        # Of two blocks one over the other, with other columns in between, none can be even at any width:
        #
        #     Y   Y   Y      the nodes of `Y` and of `X` share their first and last column
        #     X X X X X X
        widest = 2 * max((_pitch(gaps, columns) for gaps in even), default=0) + 2 * APART
        for _ in range(_EVEN_ROUNDS):
            # Blocks that cannot both be even push each other apart for ever.
            pitches = [_pitch(gaps, columns) for gaps in even]
            if all(_is_even(gaps, columns) for gaps in even) or max(pitches) > widest:
                break
            wider = [(*gap, far) for gaps, far in zip(even, pitches, strict=True) for gap in gaps]
            columns = narrowest(len(self.places), [*self.limits, *wider])
        return columns, [gaps for gaps in even if not _is_even(gaps, columns)]

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


def _is_even(gaps: Sequence[tuple[int, int]], columns: Sequence[int]) -> bool:
    """Whether all of some gaps are equally wide."""
    pitch = _pitch(gaps, columns)
    return all(columns[right] - columns[left] == pitch for left, right in gaps)


def place(mark: Mark) -> Place:
    """The place of a mark."""
    assert mark.place is not None
    return mark.place, 0


def _letters_on_wires(row: Row) -> set[str]:
    """The letters of a row that a state wire touches."""
    return {
        mark.letter
        for at, join in enumerate(row.joins)
        if join is not StateWire.NONE
        for mark in row.marks[at : at + 2]
        if isinstance(mark, Node)
    }


def _are_alike(one: Mark, other: Mark) -> bool:
    return isinstance(one, Node) and isinstance(other, Node) and one.letter == other.letter


def _is_one_of(mark: Mark, letters: set[str]) -> bool:
    return isinstance(mark, Node) and mark.letter in letters


def halves(mark: Mark) -> tuple[int, int]:
    """How many columns of a mark are to the left, and to the right, of its middle."""
    size = len(mark.text) if isinstance(mark, Ellipsis) else 1
    return (size - 1) // 2, size // 2
