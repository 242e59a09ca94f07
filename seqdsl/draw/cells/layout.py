"""cell → placed cell: where each node is, and the way of each wire.

States enter at the left and leave at the right; what the step reads comes up from the bottom.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.cells.branches import branched
from seqdsl.draw.cells.channels import CLEAR, Net, tracks
from seqdsl.draw.cells.graph import Role, Source
from seqdsl.draw.cells.layering import layered
from seqdsl.draw.cells.places import end_of, heights, start_of
from seqdsl.draw.cells.shapes import TURN, shapes
from seqdsl.draw.scene import Point
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.draw.cells.graph import CellGraph
    from seqdsl.draw.cells.layering import Layers, Link, Slot
    from seqdsl.draw.cells.shapes import Shape

NAME_LETTER = 7.5
"""The width of a letter of the names beside wires."""

_TRACK, _HEAD, _STUB = 13.0, 20.0, 10.0
_NAME_GAP = 5.0
_BELOW = 26.0
_MOST_SHIFTS = 40


@record(frozen=True)
class Way:
    """A part of a wire, or all of it.

    Attributes:
        source: the value that it carries.
        points: where it runs.
        node: the node that it enters; ``None`` where it goes on.
    """

    source: Source
    points: tuple[Point, ...]
    node: int | None


@record(frozen=True)
class PlacedCell:
    """A cell with places, in pixels from its upper left corner.

    Attributes:
        graph: what is drawn.
        shapes: of its nodes.
        centers: of its nodes.
        ways: its wires.
        joints: where a wire branches, and what it carries.
        width: of all.
        height: of all.
    """

    graph: CellGraph
    shapes: Mapping[int, Shape]
    centers: Mapping[int, Point]
    ways: tuple[Way, ...]
    joints: tuple[tuple[Point, Source], ...]
    width: float
    height: float


def place(graph: CellGraph) -> PlacedCell:
    """Lay out a cell's graph."""
    layers = layered(graph)
    return _Layout(graph, layers, shapes(graph, layers)).placed()


class _Layout:
    """The layers from left to right, with the columns and channels that are done."""

    def __init__(self, graph: CellGraph, layers: Layers, sizes: Mapping[Slot, Shape]) -> None:
        self.graph, self.layers, self.sizes = graph, layers, sizes
        roles = enumerate(graph.vertices)
        self.read = next((node for node, item in roles if item.role is Role.READ), None)
        self.named = _named(graph)
        self.centers: dict[int, Point] = {}
        self.ways: list[Way] = []
        self.joints: list[tuple[Point, Source]] = []
        self.heights = self.in_sight(heights(layers, sizes, self.read))

    def in_sight(self, found: dict[tuple[int, Slot], float]) -> dict[tuple[int, Slot], float]:
        """The heights from 0 on, with what is read below all of them."""
        if not found:
            return {(0, self.read): 0.0} if self.read is not None else {}
        # Whatever turns into the uppermost node from above has to be in sight, too.
        top = min(y - self.sizes[slot].above for (_, slot), y in found.items())
        moved = {key: y - top for key, y in found.items()}
        if self.read is not None:
            lowest = max(y + self.sizes[slot].below for (_, slot), y in moved.items())
            moved[0, self.read] = lowest + _BELOW + self.sizes[self.read].above
        return moved

    def placed(self) -> PlacedCell:
        left = 0.0
        for number, layer in enumerate(self.layers.slots):
            nodes = [slot for slot in layer if isinstance(slot, int) and slot != self.read]
            width = max((self.sizes[node].width for node in nodes), default=0.0)
            for node in nodes:
                self.centers[node] = Point(left + width / 2, self.heights[number, node])
            right = left + width
            if number < len(self.layers.channels):
                left = self.channel(number, left, right)
        height = max(y + self.sizes[slot].below for (_, slot), y in self.heights.items())
        sizes = {node: self.sizes[node] for node in range(len(self.graph.vertices))}
        ways, joints = tuple(self.ways), tuple(self.joints)
        return PlacedCell(self.graph, sizes, self.centers, ways, joints, right, height)

    def channel(self, number: int, left: float, right: float) -> float:
        """Route what runs between a layer and the next; where that begins."""
        # | column | stub with names | tracks | room for heads | next column |
        nets, order = self.routed(number)
        stub = max([_STUB, *(self.overhang(slot, right) for slot in self.layers.slots[number])])
        at = {net.source: right + stub + _TRACK * place for place, net in enumerate(order)}
        end = right + stub + _TRACK * max(len(order) - 1, 0) + _HEAD
        following = self.layers.slots[number + 1]
        widths = [self.sizes[slot].width for slot in following if isinstance(slot, int)]
        column = max(widths, default=0.0)
        for net in nets:
            # `x` is below its own track, which is known only now.
            if net.rises and self.read is not None:
                y = self.heights[0, self.read]
                self.centers[self.read] = Point(at[net.source], y)
            self.net(number, net, at.get(net.source, right), right, end, column)
        return end

    def routed(self, number: int) -> tuple[list[Net], list[Net]]:
        """The values of a channel, and those with tracks; where wires would lie on each other, the rest moves down."""
        # a ends where b starts: a ---+ +--- ...     both tracks would need to be left of the other, for a and b
        #                         b ---+-+           change places; a step down frees one of them
        for _ in range(_MOST_SHIFTS):
            nets = self.nets(number)
            order, is_clear = tracks(nets)
            if is_clear:
                break
            for key in [key for key in self.heights if key[0] > number]:
                self.heights[key] += CLEAR
            if self.read is not None:
                self.heights[0, self.read] += CLEAR
        return nets, order

    def nets(self, number: int) -> list[Net]:
        links: dict[Source, list[Link]] = {}
        for link in self.layers.channels[number]:
            links.setdefault(link.source, []).append(link)
        return [
            Net(
                source,
                self.heights[number, items[0].start] + start_of(items[0], self.sizes),
                tuple(
                    self.heights[number + 1, item.end] + end_of(item, self.sizes) for item in items
                ),
                items[0].start == self.read,
            )
            for source, items in links.items()
        ]

    def overhang(self, slot: Slot, right: float) -> float:
        """How far the names of a node's values reach into the channel, and a little more."""
        if isinstance(slot, Source) or slot == self.read:
            return 0.0
        # `f` is above the wire of a gate: no track may run through it
        names = [name for source, name in self.named.items() if source.node == slot]
        start = self.centers[slot].x + self.sizes[slot].width / 2
        return start + name_width(names) - right

    def net(
        self, number: int, net: Net, track: float, right: float, end: float, column: float
    ) -> None:
        """The wires of a value in a channel."""
        links = [link for link in self.layers.channels[number] if link.source == net.source]
        start = self.start(links[0], net, track, right)
        tails = [self.tail(link, y, end, column) for link, y in zip(links, net.ends, strict=True)]
        branching = branched(start, track, tails)
        for link, points in zip(links, branching.ways, strict=True):
            node = link.end if isinstance(link.end, int) else None
            self.ways.append(Way(net.source, points, node))
        self.ways += [Way(net.source, points, None) for points in branching.trunk]
        self.joints += [(point, net.source) for point in branching.joints]

    def start(self, link: Link, net: Net, track: float, right: float) -> Point:
        if isinstance(link.start, Source):
            return Point(right, net.start)
        shape = self.sizes[link.start]
        if net.rises:
            return Point(track, net.start - shape.height / 2)
        return Point(self.centers[link.start].x + shape.width / 2, net.start)

    def tail(self, link: Link, y: float, end: float, column: float) -> tuple[Point, ...]:
        """The end of a wire in the next layer: at its node, or past the layer."""
        if isinstance(link.end, Source):
            return (Point(end + column, y),)
        shape = self.sizes[link.end]
        entry, middle = shape.entries[link.place], end + column / 2
        # ---> (x)      a head at the left border, or
        #       ^
        # ------+       a corner below the middle, and the head at the lower border
        if not entry.turns:
            return (Point(middle - shape.width / 2, y),)
        return (Point(middle, y), Point(middle, y - entry.turns * TURN))


def _named(graph: CellGraph) -> dict[Source, str]:
    """The values whose names are written beside their wires: not those of states, which the results say."""
    carried = graph.carried()
    return {
        Source(node, output): name
        for node, vertex in enumerate(graph.vertices)
        for output, name in enumerate(vertex.names)
        if name and Source(node, output) not in carried
    }


def name_width(names: Sequence[str]) -> float:
    """How much room names beside a wire take."""
    return max((NAME_LETTER * len(name) + 2 * _NAME_GAP for name in names), default=0.0)


def names(placed: PlacedCell) -> Iterator[tuple[str, Point]]:
    """The names of values, and where they begin: above their wires."""
    read = {source for vertex in placed.graph.vertices for source in vertex.inputs}
    for source, name in _named(placed.graph).items():
        if source in read:
            shape, center = placed.shapes[source.node], placed.centers[source.node]
            y = center.y + shape.exits[source.output] - _NAME_GAP
            yield name, Point(center.x + shape.width / 2 + _NAME_GAP, y)
