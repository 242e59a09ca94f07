"""picture and spans of places → the same picture with other numbers of steps.

A span is a step, or a few, of which there may be any number: drawn again and again, left out, or elided.

    Y Y Y           Y Y Y Y Y          Y Y ..n.. Y
    | | |           | | | | |          | |       |
    H H H           H H H H H          H H  ...  H
      n               n n n              n  n        once, and an ellipsis for all others
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.layout.picture import (
    Bus,
    Ellipsis,
    Junction,
    Mark,
    Node,
    Picture,
    Ref,
    Row,
    StateWire,
    Wire,
    sources,
    wires,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_ELLIPSIS = 6
"""Places that an ellipsis takes, with the gap to the next step."""


@dataclass(frozen=True)
class Span:
    """Places that are to be drawn a number of times.

    Attributes:
        low: the first place.
        high: the place after the last one.
        copies: how often what is there is drawn.
        elided: whether an ellipsis elides more of it, after the copies.
        names: the name of the ellipsis in some rows.
        stretch: the number of the stretch of time that it elides.
    """

    low: int
    high: int
    copies: int = 1
    elided: bool = False
    names: tuple[tuple[int, str], ...] = ()
    stretch: int = 0

    def __contains__(self, place: int | None) -> bool:
        """Whether a place is one of those."""
        return place is not None and self.low <= place < self.high

    @property
    def growth(self) -> int:
        """By how many places all that is right of it moves."""
        return (self.copies - 1) * (self.high - self.low) + self.elided * _ELLIPSIS


def resize(picture: Picture, spans: Sequence[Span]) -> Picture:
    """The picture with other numbers of steps; all of its marks have places.

    Wires within a span go on within each of its copies. What reads a bus over it reads all copies; what reads one
    mark of it from outside reads the nearest copy.

    Args:
        picture: the picture.
        spans: spans that do not overlap.
    """
    for span in sorted(spans, key=lambda span: -span.low):
        picture = _Resizer(picture, span).resized()
    return picture


@dataclass(frozen=True)
class _Origin:
    """Where a mark of the new picture comes from; ``copy`` is ``None`` for what is outside of the span."""

    ref: Ref
    copy: int | None = None


class _Resizer:
    def __init__(self, picture: Picture, span: Span) -> None:
        self.picture, self.span = picture, span
        self.origins = [self._row(number) for number in range(len(picture.rows))]
        self.new: dict[_Origin, Ref] = {}
        for number, row in enumerate(self.origins):
            for at, origin in enumerate(row):
                if origin is not None:
                    self.new[origin] = Ref(number, at)
        # A bus within the span is drawn with each copy; one that leads out of it, or into it, joins them all.
        self.crossing = {
            wire
            for ref, mark in picture.refs()
            for _, wire in wires(mark)
            if isinstance(wire, Bus)
            and not all(self._is_in(source) for source in (*wire.sources, ref))
        }

    def resized(self) -> Picture:
        rows = tuple(self._drawn(number) for number in range(len(self.picture.rows)))
        ordered = tuple(
            tuple(copies[0] for ref in refs if (copies := self._all(ref)))
            for refs in self.picture.ordered
        )
        return replace(self.picture, rows=rows, ordered=ordered)

    def _is_in(self, ref: Ref) -> bool:
        return self.picture.mark(ref).place in self.span

    # Marks

    def _row(self, number: int) -> list[_Origin | None]:
        """What the marks of a new row come from, left to right; ``None`` is the new ellipsis."""
        refs = [Ref(number, at) for at in range(len(self.picture.rows[number].marks))]
        within = list(filter(self._is_in, refs))
        left = [ref for ref in refs if (self.picture.mark(ref).place or 0) < self.span.low]
        right = refs[len(left) + len(within) :]
        copies = [_Origin(ref, copy) for copy in range(self.span.copies) for ref in within]
        # A row that has nothing in the span goes on over the ellipsis of the others.
        ellipsis = [None] if self.span.elided and within else []
        return [*map(_Origin, left), *copies, *ellipsis, *map(_Origin, right)]

    def _drawn(self, number: int) -> Row:
        row, origins = self.picture.rows[number], self.origins[number]
        marks = tuple(self._mark(number, origin) for origin in origins)
        within = [at for at in range(len(row.marks)) if self._is_in(Ref(number, at))]
        joins = [self._join(row, within, origin) for origin in origins[:-1]]
        drawn = any(join is not StateWire.NONE for join in row.joins)
        return replace(row, marks=marks, joins=tuple(joins) if drawn else ())

    def _join(self, row: Row, within: list[int], origin: _Origin | None) -> StateWire:
        """The state wire right of a new mark.

        ``H-H-H`` with its middle step three times is ``H-H-H-H-H``: each copy has the state wire on its right.
        """
        # After a copy, or the ellipsis, the row goes on as it does after the span.
        at = origin.ref.mark if origin is not None else within[-1]
        following = origin is not None and origin.copy is None and at + 1 in within
        none_left = following and not (self.span.copies or self.span.elided)
        return row.join(within[-1] if none_left else at)

    def _mark(self, number: int, origin: _Origin | None) -> Mark:
        span = self.span
        if origin is None:
            place = span.low + span.copies * (span.high - span.low) + 1
            return Ellipsis(span.stretch, dict(span.names).get(number, ""), place)
        mark, place = self.picture.mark(origin.ref), self._moved(origin)
        if isinstance(mark, Ellipsis):
            return replace(mark, place=place)
        if isinstance(mark, Junction):
            below = self._wire(mark.below, origin) if mark.below is not None else None
            final = self._nearest(mark.final, origin) if mark.final is not None else None
            return Junction(below, final, place, mark.apart)
        return self._node(mark, origin, place)

    def _node(self, mark: Node, origin: _Origin, place: int) -> Node:
        entering = [(side, self._wire(wire, origin)) for side, wire in mark.wires]
        over = self._nearest(mark.over, origin) if mark.over is not None else None
        left = tuple((side, wire) for side, wire in entering if wire is not None)
        return Node(mark.letter, left, over, place, mark.apart)

    # Wires

    def _wire(self, wire: Wire, reader: _Origin) -> Wire | None:
        """A wire of the new picture; ``None`` if nothing of what it carries is left."""
        if isinstance(wire, Ref):
            return self._nearest(wire, reader)
        if wire in self.crossing:
            refs = [ref for source in sources(wire) for ref in self._all(source)]
        else:
            refs = [ref for source in sources(wire) if (ref := self._nearest(source, reader))]
        return Bus(tuple(sorted(refs, key=self._rank)), wire.number) if refs else None

    def _rank(self, ref: Ref) -> tuple[int, int]:
        """Where a source is in a bus, by the new places."""
        origin = self.origins[ref.row][ref.mark]
        assert origin is not None
        anchor = self.picture.anchor(origin.ref)
        nearest = self._nearest(anchor, origin) or ref
        shown = self.origins[nearest.row][nearest.mark]
        assert shown is not None
        return self._moved(shown), ref.row

    def _moved(self, origin: _Origin) -> int:
        """The new place of a mark.

        With the span twice, and an ellipsis behind it::

            X [H H] Y          X H H H H ... Y
            0  1 2  3          0 1 2 3 4     3 + 2 + the places of the ellipsis
        """
        place = self.picture.mark(origin.ref).place
        assert place is not None
        if origin.copy is not None:
            return place + origin.copy * (self.span.high - self.span.low)
        return place + self.span.growth * (place >= self.span.high)

    def _all(self, ref: Ref) -> list[Ref]:
        """All that a mark has become."""
        if not self._is_in(ref):
            return [self.new[_Origin(ref)]]
        return [self.new[_Origin(ref, copy)] for copy in range(self.span.copies)]

    def _nearest(self, ref: Ref, reader: _Origin) -> Ref | None:
        """What a mark has become for another one that reads it: in its own copy, or the one nearest to it."""
        copies = self._all(ref)
        if len(copies) < 2:
            return copies[0] if copies else None
        # Within the span each copy reads itself:   M     M    two copies of a pair and what reads it
        #                                         / \   / \
        #                                        F   F F   F
        if reader.copy is not None:
            return copies[reader.copy]
        is_left = (self.picture.mark(reader.ref).place or 0) < self.span.low
        return copies[0 if is_left else -1]
