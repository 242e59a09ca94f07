"""picture → cells: keys, their columns, and all rows of characters; widened where wires have no room."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.layout import canvas
from seqdsl.layout.drawn import Drawn, cost
from seqdsl.layout.keys import Keys, halves, place
from seqdsl.layout.lanes import Manner
from seqdsl.layout.picture import Junction, Node, Picture, StateWire, Unplaceable
from seqdsl.layout.route import Lines, NoRoom, route
from seqdsl.layout.tracks import Gap, Tracks, find_tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seqdsl.layout.canvas import Cells
    from seqdsl.layout.lanes import Place
    from seqdsl.layout.picture import Mark

_ROUNDS = 400
_CROSSINGS = 3
_LONG = 3
"""A slanted wire that leads further takes more rows than a bus."""


def draw(picture: Picture) -> list[Drawn]:
    r"""All rows of a picture whose marks have places, the bottom row first.

    A lane in the column of a mark takes no room, but a long slanted wire may lead to it, which takes rows::

        A       A            A     A
        | \     | \          |\    |\      with columns of their own
        |   \   |   \        C |   C |
        C   | K C   | K      | | K | | K

    A long slanted wire may also be a bus to a short one, which begins beside what it enters::

           J                   J
          / \                 / \
         /   \             +-+   +-+
        /     \            |       |
       I       I           I       I

    Of these ways, the one with fewest rows is taken.

    Raises:
        Unplaceable: its rows do not keep the order of their places.
    """
    plain = _Try(picture, Manner())
    attempts = [plain.drawn()]
    for manner in (Manner(own=True), Manner(outside=True)):
        other = _Try(picture, manner)
        if other.tracks.lanes != plain.tracks.lanes and any(
            gap.slants for gap in plain.tracks.gaps
        ):
            attempts += other.if_possible()
    for attempt in list(attempts):
        if attempt.long:
            for near in (False, True):
                manner = replace(attempt.manner, near=near)
                attempts += _Try(picture, manner, attempt.long).if_possible()
    return min((attempt.rows for attempt in attempts), key=cost)


@dataclass(frozen=True)
class _Attempt:
    """One way to draw a picture.

    Attributes:
        rows: its rows.
        manner: how wires are led.
        long: the places between which no slanted wires run, and those between which they take several rows.
    """

    rows: list[Drawn]
    manner: Manner
    long: frozenset[frozenset[Place]]


class _Try:
    """Tries one way to draw a picture."""

    def __init__(
        self, picture: Picture, manner: Manner, barred: Iterable[frozenset[Place]] = ()
    ) -> None:
        self.picture, self.manner, self.barred = picture, manner, set(barred)
        self.tracks = find_tracks(picture, manner, self.barred)

    def if_possible(self) -> list[_Attempt]:
        """The picture; nothing if it cannot be drawn so."""
        try:
            return [self.drawn()]
        except Unplaceable:
            return []

    def drawn(self) -> _Attempt:
        """The picture, with columns as wide as wires need."""
        # Nobody knows before wires are routed where they have no room, so columns are widened until they have.
        keys = Keys(self.picture, self.tracks)
        crossings: Counter[frozenset[Place]] = Counter()
        for _ in range(_ROUNDS):
            columns = keys.columns()
            at = dict(zip(keys.places, columns, strict=True))
            try:
                rows = list(_rows(self.picture, self.tracks, at))
                return _Attempt(rows, self.manner, frozenset(self.barred | _long(self.tracks, at)))
            except NoRoom as narrow:
                keys.widen(columns, narrow)
                pair = keys.pair(columns, narrow)
                crossings[pair] += narrow.end is not None
            if crossings[pair] > _CROSSINGS:
                # Three rows may each want an odd distance where two of them add up to the third.
                self.barred.add(pair)
                self.tracks = find_tracks(self.picture, self.manner, self.barred)
                keys = Keys(self.picture, self.tracks)
                crossings.clear()
        raise Unplaceable("the wires have no room, however wide the picture is drawn")


def _long(tracks: Tracks, columns: Mapping[Place, int]) -> set[frozenset[Place]]:
    """The places between which slanted wires take several rows."""
    return {
        frozenset((item.foot, item.head))
        for gap in tracks.gaps
        for item in gap.slants
        if abs(columns[item.head] - columns[item.foot]) > _LONG
    }


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
        start = columns[place(mark)] - halves(mark)[0]
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
    """The rows of wires between two rows of nodes.

    ::

        Y Y Y
        |/|/|     what leans, right below the nodes
        | | |     a row between both
        +-+-+     what is routed
          X
    """
    at = columns.__getitem__
    starts, continuing, ends = (
        set(map(at, items)) for items in (gap.starts, gap.continuing, gap.straight)
    )
    nets = [Lines(tuple(map(at, net.sources)), tuple(map(at, net.targets))) for net in gap.nets]
    rows = route(nets, starts, continuing)
    slants = _slants([(at(item.foot), at(item.head)) for item in gap.slants], ends)
    # A junction right on top of a node would join it, but nobody draws it so.
    if rows and "+" in rows[0].values():
        rows.insert(0, canvas.straight(starts))
    if not slants and ends:
        rows.append(canvas.straight(ends))
    elif rows and "+" not in rows[-1].values():
        # A slanted wire has to arrive before another one begins there:   /
        #                                                               \|
        rows.append(
            canvas.straight(continuing | {column for net in nets for column in net.targets})
        )
    return rows + slants


def _slants(ways: Sequence[tuple[int, int]], ends: set[int]) -> list[Cells]:
    """The rows of slanted wires right below a row of nodes.

        Y Y Y      All of them end in the same row; a foot goes up to the last wire that begins there, and an end
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
