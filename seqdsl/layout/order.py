r"""picture without places → places: what is left of what, and what in the same column.

What a picture says about its order is a graph: neighbors of a row, the sources of a bus, the order of inputs. Marks
that share a column are one node of it, as long as it has no cycle; its topological order gives the places.

      Y Y Y        `Y` is over `D`, whose wire goes straight up; `D` reads a bus from elsewhere, so it
      D-D-D        is right of what it reads, as later steps do.
    +-+-+-+
    |
E-E-E
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import networkx as nx

from seqdsl.layout.picture import (
    Bus,
    Ellipsis,
    Node,
    Picture,
    Ref,
    Side,
    StateWire,
    Unplaceable,
    sources,
    wires,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.layout.picture import Mark


def with_places(picture: Picture) -> Picture:
    """The picture with a place for every mark; one that has them stays as it is.

    Raises:
        Unplaceable: what it says about the order of its marks contradicts itself.
    """
    if all(mark.place is not None for _, mark in picture.refs()):
        return picture
    return picture.placed(_Order(picture).places())


_LEAN = 0.3
_NEXT = 0.5


class _Order:
    """Which marks share a column, and the order of these columns."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.column: dict[Ref, Ref] = {ref: ref for ref, _ in picture.refs()}
        self.members: dict[Ref, set[Ref]] = {ref: {ref} for ref in self.column}
        self.apart: set[tuple[Ref, Ref]] = set()
        self.graph = nx.DiGraph()
        self.graph.add_nodes_from(self.column)
        for left, right in _neighbors(picture):
            self._before(left, right)

    def places(self) -> dict[Ref, int]:
        """The place of every mark."""
        for left, right in _given(self.picture):
            if not self._share(left, right):
                raise Unplaceable("two nodes would have to share a column")
        for left, right in _sequences(self.picture):
            # What may share a column with what is below it is only not to the left of it.
            # A bus takes its sources by column, then from bottom to top: the upper one may be over the lower.
            if self.column[left] != self.column[right]:
                self._before(left, right, weak=left.row < right.row)
        if not nx.is_directed_acyclic_graph(self.graph):
            raise Unplaceable("its rows contradict each other in their order from left to right")
        self.apart = set(_sideways(self.picture))
        for left, right in _alike(self.picture):
            self._share(left, right)
        for left, right in _later(self.picture):
            self._prefer(left, right)
        # Of all orders that the graph allows, the one in which wires are short.
        near = self._near()
        order = nx.lexicographical_topological_sort(
            self.graph, key=lambda ref: (near[ref], ref.row, ref.mark)
        )
        number = {column: place for place, column in enumerate(order)}
        return {ref: number[column] for ref, column in self.column.items()}

    def _near(self) -> dict[Ref, float]:
        r"""Where each column had best be: near what its lowest mark reads, so that slanted wires are short.

        | S | S      a slanted wire from the left leads a little to the right
        |/  |/
        X   X
        """
        near: dict[Ref, float] = {}
        before: dict[int, float] = {}
        for ref, mark in self.picture.refs():
            column = self.column[ref]
            if column not in near:
                reads = [
                    near[self.column[source]] - side.offset * _LEAN
                    for side, wire in wires(mark)
                    for source in sources(wire)[-1:]
                ]
                after = before.get(ref.row, -1.0) + (_NEXT if ref.row else 1)
                near[column] = sum(reads) / len(reads) if reads else after
            before[ref.row] = near[column]
        return near

    def _before(self, left: Ref, right: Ref, *, weak: bool = False) -> None:
        one, other = self.column[left], self.column[right]
        weak = weak and self.graph.get_edge_data(one, other, {"weak": True})["weak"]
        self.graph.add_edge(one, other, weak=weak)

    def _prefer(self, left: Ref, right: Ref) -> None:
        """Put one column left of another, if nothing speaks against it."""
        one, other = self.column[left], self.column[right]
        if one != other and not nx.has_path(self.graph, other, one):
            self._before(left, right)

    def _share(self, left: Ref, right: Ref) -> bool:
        """Make two columns one; whether that is possible."""
        one, other = self.column[left], self.column[right]
        if one == other:
            return True
        if self._must_part(one, other) or not self._unlink(one, other):
            return False
        # What holds for the one column holds for the other as well.
        for ref in self.members[other]:
            self.column[ref] = one
        self.members[one] |= self.members.pop(other)
        for before, _, data in list(self.graph.in_edges(other, data=True)):
            self._before(before, one, weak=data["weak"])
        for _, after, data in list(self.graph.out_edges(other, data=True)):
            self._before(one, after, weak=data["weak"])
        self.graph.remove_node(other)
        return True

    def _unlink(self, one: Ref, other: Ref) -> bool:
        """Remove the edges between two columns; whether that can be, and no path is left between them.

        Two columns can be one if no third one has to be between them::

            Y A        `Y` is left of `A`, which is over `X`: so `Y` cannot be over `Z`
              |
              X Z
        """
        # An edge that only says "not left of" keeps no two columns apart.
        edges = [(a, b) for a, b in ((one, other), (other, one)) if self.graph.has_edge(a, b)]
        if any(not self.graph.edges[edge]["weak"] for edge in edges):
            return False
        removed = [(*edge, self.graph.edges[edge]) for edge in edges]
        self.graph.remove_edges_from(edges)
        if nx.has_path(self.graph, one, other) or nx.has_path(self.graph, other, one):
            self.graph.add_edges_from(removed)
            return False
        return True

    def _must_part(self, one: Ref, other: Ref) -> bool:
        pairs = ((a, b) for a in self.members[one] for b in self.members[other])
        return bool(self.apart) and any(
            (a, b) in self.apart or (b, a) in self.apart for a, b in pairs
        )


def _neighbors(picture: Picture) -> Iterator[tuple[Ref, Ref]]:
    for number, row in enumerate(picture.rows):
        for at in range(len(row.marks) - 1):
            yield Ref(number, at), Ref(number, at + 1)


def _given(picture: Picture) -> Iterator[tuple[Ref, Ref]]:
    """What has to share a column: ellipses of one stretch of time, and nodes over their own source."""
    first: dict[int, Ref] = {}
    for ref, mark in picture.refs():
        if isinstance(mark, Ellipsis):
            yield first.setdefault(mark.stretch, ref), ref
        elif isinstance(mark, Node) and mark.over is not None:
            yield mark.over, ref


def _sequences(picture: Picture) -> Iterator[tuple[Ref, Ref]]:
    """What is from left to right: the sources of each bus, and what the picture orders."""
    buses = [
        wire.sources
        for _, mark in picture.refs()
        for _, wire in wires(mark)
        if isinstance(wire, Bus)
    ]
    for refs in dict.fromkeys([*buses, *picture.ordered]):
        anchors = [picture.anchor(ref) for ref in refs]
        yield from pairwise(anchors)


def _sideways(picture: Picture) -> Iterator[tuple[Ref, Ref]]:
    """A node on a bus from one source: straight above it, it would read it by a wire of its own."""
    for ref, mark in picture.refs():
        for _, wire in wires(mark):
            if isinstance(wire, Bus) and len(wire.sources) == 1:
                yield ref, wire.sources[0]


def _alike(picture: Picture) -> Iterator[tuple[Ref, Ref]]:
    """What looks best in one column, the most important first."""
    single = list(_reads(picture, Ref))
    yield from ((wire, ref) for ref, side, wire in single if side is Side.BELOW)
    # Rows that all read one source from the same side are over each other:   G     both beside `X`
    #                                                                         | F
    #                                                                         |/
    #                                                                         X
    beside: dict[tuple[Side, Ref], Ref] = {}
    for ref, side, wire in single:
        if side is not Side.BELOW:
            yield beside.setdefault((side, wire), ref), ref
    buses: dict[tuple[int, Bus], list[Ref]] = {}
    for ref, _, bus in _reads(picture, Bus):
        buses.setdefault((ref.row, bus), []).append(ref)
    for (_, bus), readers in buses.items():
        # As many readers as sources are steps, one over the other; one reader alone is where the last step does.
        if len(readers) == len(bus.sources):
            yield from zip(bus.sources, readers, strict=True)
        elif len(readers) == 1:
            yield bus.sources[-1], readers[0]


_OneWire = TypeVar("_OneWire", Ref, Bus)


def _reads(picture: Picture, kind: type[_OneWire]) -> Iterator[tuple[Ref, Side, _OneWire]]:
    """Who reads wires of a kind, and from which side."""
    for ref, mark in picture.refs():
        yield from ((ref, side, wire) for side, wire in wires(mark) if isinstance(wire, kind))


def _later(picture: Picture) -> Iterator[tuple[Ref, Ref]]:
    """What looks best from left to right: slanted wires as they lean, and what reads after what is read."""
    for ref, side, source in _reads(picture, Ref):
        if side is not Side.BELOW:
            yield (source, ref) if side is Side.LEFT else (ref, source)
    # What reads several steps by a bus is at the last of them, or behind; what reads several blocks may be
    # anywhere over them.
    for ref, _, bus in _reads(picture, Bus):
        if _is_sequence(picture, bus.sources):
            yield from ((source, ref) for source in bus.sources)


def _is_sequence(picture: Picture, refs: Iterable[Ref]) -> bool:
    """Whether any of some marks has a neighbor of the same block."""
    return any(
        picture.rows[ref.row].join(min(at, ref.mark)) is not StateWire.NONE
        or _is_alike(picture.mark(ref), picture.rows[ref.row].marks[at])
        for ref in refs
        for at in (ref.mark - 1, ref.mark + 1)
        if 0 <= at < len(picture.rows[ref.row].marks)
    )


def _is_alike(mark: Mark, other: Mark) -> bool:
    if isinstance(mark, Node) and isinstance(other, Node):
        return mark.letter == other.letter
    return isinstance(other, Ellipsis)
