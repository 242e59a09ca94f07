"""nodes → shapes: how large each is, where wires enter it, and how much room it takes in its layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.draw.cells.graph import CellGraph, Role, Source
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.draw.cells.graph import Vertex
    from seqdsl.draw.cells.layering import Layers, Slot

LETTER, LINE = 9.6, 18.0
"""The width of a letter of the type in nodes, which is 14 pixels or 10.5 points high, and its line's height."""

_EDGE, _LEAST = 9.0, 30.0
_CIRCLE = 30.0
_ENTRY, _EXIT = 15.0, 26.0
# From the border of a circle to the wire that turns into it from above or below: room for a corner and a head.
TURN = 18.0
# Above and below a node, and a wire that passes.
_ROOM, _WIRE_ROOM = 7.0, 9.0


class Entry(NamedTuple):
    """Where a wire enters a node.

    Attributes:
        offset: how far below the node's middle the wire comes in.
        turns: whether it then turns into the node from above (-1) or below (1), or goes straight on (0).
    """

    offset: float
    turns: int = 0


@record(frozen=True)
class Shape:
    """A node's size, its wires and its room.

    Attributes:
        width: of the node.
        height: of the node.
        radius: how round its corners are.
        entries: where each input enters.
        exits: how far below the middle each output leaves.
        above: the room that it takes above its middle.
        below: the room that it takes below.
    """

    width: float
    height: float
    radius: float
    entries: tuple[Entry, ...]
    exits: tuple[float, ...]
    above: float
    below: float


PASSING = Shape(0, 0, 0, (Entry(0),), (0,), _WIRE_ROOM, _WIRE_ROOM)
"""A wire that passes a layer."""


def shapes(graph: CellGraph, layers: Layers) -> dict[Slot, Shape]:
    """The shape of everything in the layers."""
    distances = _distances(graph)
    found: dict[Slot, Shape] = {}
    # Nothing leads to the first layer.
    channels = ((), *layers.channels)
    for before, links, layer in zip(((), *layers.slots), channels, layers.slots, strict=False):
        places = {slot: float(place) for place, slot in enumerate(before)}
        for slot in layer:
            # The outputs of a split come from the same place, one below the other.
            tops = {
                link.place: places[link.start] + link.source.output / 100
                for link in links
                if link.end == slot
            }
            found[slot] = _slot_shape(graph, slot, tops, distances)
    return found


def _slot_shape(
    graph: CellGraph, slot: Slot, tops: Mapping[int, float], distances: Mapping[Source, int]
) -> Shape:
    """The shape of a node, whose inputs come from these places, or of a wire that passes."""
    if isinstance(slot, Source):
        return PASSING
    vertex = graph.vertices[slot]
    ordered = [tops[place] for place in sorted(tops)]
    if vertex.role is Role.CIRCLE and len(ordered) == 2:
        return _shape(vertex, _crossing_entries(vertex, ordered, distances))
    return _shape(vertex, _side_entries(vertex, ordered))


def _distances(graph: CellGraph) -> Mapping[Source, int]:
    """How far each value is from the states of the step before."""
    # f * c: the line of the state goes straight through the circle, and the gate comes in from below.
    far: dict[int, int] = {}
    for node, vertex in enumerate(graph.vertices):
        start = 0 if vertex.role is Role.STATE else len(graph.vertices)
        far[node] = min([start, *(far[source.node] + 1 for source in vertex.inputs)])
    return {source: far[source.node] for vertex in graph.vertices for source in vertex.inputs}


def _crossing_entries(
    vertex: Vertex, tops: Sequence[float], distances: Mapping[Source, int]
) -> tuple[Entry, ...]:
    """Where the two operands of a circle enter: one straight, one from above or below, where it comes from."""
    left, right = (distances[source] for source in vertex.inputs)
    # Of `a - b` and `a / b`, `a` is what goes straight in.
    straight = 0 if vertex.is_ordered or left <= right else 1
    turns = -1 if tops[1 - straight] < tops[straight] else 1
    turned = Entry(turns * (_CIRCLE / 2 + TURN), turns)
    return (Entry(0), turned) if straight == 0 else (turned, Entry(0))


def _side_entries(vertex: Vertex, tops: Sequence[float]) -> tuple[Entry, ...]:
    """Where the inputs of a box enter, given the places that they come from: as these are, if any order will do."""
    count = len(tops)
    order = sorted(range(count), key=lambda at: (0.0 if vertex.is_ordered else tops[at], at))
    # dense(x, h): h comes from above x, and enters above it
    offsets = {at: (number - (count - 1) / 2) * _ENTRY for number, at in enumerate(order)}
    return tuple(Entry(offsets[at]) for at in range(count))


def _shape(vertex: Vertex, entries: tuple[Entry, ...]) -> Shape:
    words = LETTER * max(map(len, vertex.lines)) + 2 * _EDGE
    exits = tuple(_spread(len(vertex.names)))
    if vertex.role is Role.CIRCLE:
        size = _CIRCLE, _CIRCLE, _CIRCLE / 2
        if len(vertex.lines[0]) > 1:
            size = max(words, _CIRCLE), _CIRCLE, _CIRCLE / 2
    else:
        height = max(
            _LEAST,
            LINE * len(vertex.lines) + 8,
            _ENTRY * len(entries) + 6,
            _EXIT * len(exits),
        )
        size = words, height, 7.0 if vertex.role is Role.BOX else height / 2
    # What turns into a circle comes in outside of it: nothing else may be there.
    reach = size[1] / 2
    above = max([reach, *(-item.offset for item in entries)])
    below = max([reach, *(item.offset for item in entries)])
    return Shape(*size, entries, exits, above + _ROOM, below + _ROOM)


def _spread(count: int) -> Iterator[float]:
    return ((number - (count - 1) / 2) * _EXIT for number in range(count))
