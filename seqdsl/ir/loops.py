"""graph → loops: nodes that read each other in circles through earlier steps, and what each of their steps reads.

A graph holds whole sequences. Of a loop no sequence is there before another: its members are computed together, step by
step. A step of `Y`, and of what it reads, may look like this::

    %D = scan @D(concat_time([%S, %Y[0:+3 of 4]]))      D at step 0: S;  D at step t > 0: Y one step before
    %Y = apply @Y(%D)                                   Y at step t: D at the same step

A loop has a clock of its own. A member begins at some step of it, as early as what it reads allows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.compare import Sizes
from seqdsl.ir.loop_faults import Fault, NoLoop
from seqdsl.ir.loop_reads import member_reads
from seqdsl.ir.loop_sources import Lag, Piece, Read, lags_of, with_lags
from seqdsl.ir.loop_streams import Streams
from seqdsl.ir.shapes import Shapes, types_of
from seqdsl.records import record
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.ir.graph import Graph, Node

_NONE = Size.of(0)


@record(frozen=True)
class Member:
    """A node of a loop.

    Attributes:
        node: its number.
        start: the step of the loop at which its own first step is computed.
        steps: how many steps it has.
        reads: what its steps read, in the order of its operands; of attention to an outer memory, the query alone.
    """

    node: int
    start: Size
    steps: Size
    reads: tuple[Read, ...]


@record(frozen=True)
class Loop:
    """Nodes that read each other in circles; one that reads itself is a loop as well.

    Attributes:
        members: in the order in which one step computes them.
    """

    members: tuple[Member, ...]

    @property
    def nodes(self) -> frozenset[int]:
        """The numbers of its members."""
        return frozenset(member.node for member in self.members)


def sources(node: Node) -> frozenset[int]:
    """The nodes that a node reads, with its masks, its initial state, and what it takes lengths from."""
    return node.sources


def find_circles(graph: Graph) -> tuple[tuple[int, ...], ...]:
    """The nodes of each loop in the order of the graph, whether its circles lead through earlier steps or not."""
    places = {index: place for place, index in enumerate(graph.order)}
    # Hardly any graph has a loop, and then each node comes after all that it reads. Nodes that earlier passes took
    # out of the order are computed no more.
    nodes = graph.nodes
    if all(
        places.get(source, -1) < place
        for index, place in places.items()
        for source in nodes[index].sources
    ):
        return ()
    reads = {index: nodes[index].sources & places.keys() for index in graph.order}
    circles = [tuple(sorted(part, key=places.__getitem__)) for part in _circles(reads)]
    return tuple(sorted(circles, key=lambda circle: places[circle[0]]))


def _circles(reads: Mapping[int, frozenset[int]]) -> Iterator[set[int]]:
    """The nodes that read each other, and those that read themselves."""
    import networkx as nx

    graph = nx.DiGraph((source, index) for index in reads for source in reads[index])
    for part in nx.strongly_connected_components(graph):
        if len(part) > 1 or graph.has_edge(*part, *part):
            yield part


def find_loops(graph: Graph) -> tuple[Loop, ...]:
    """The loops of a graph, in its order.

    Raises:
        NoLoop: nodes read each other in a way that no step-by-step run can give.
    """
    circles = find_circles(graph)
    if not circles:
        return ()
    sizes = Sizes(graph)
    shapes = Shapes(sizes, types_of(graph))
    return tuple(_loop(circle, graph, shapes) for circle in circles)


def _loop(circle: Sequence[int], graph: Graph, shapes: Shapes) -> Loop:
    streams = Streams(frozenset(circle), shapes)
    reads = {index: member_reads(graph.nodes[index], streams) for index in circle}
    starts = _starts(circle, reads, graph, shapes.sizes)
    members = [
        Member(
            index,
            starts[index],
            _steps(graph.nodes[index]),
            tuple(_on_clock(read, index, starts) for read in reads[index]),
        )
        for index in circle
    ]
    return Loop(tuple(members))


def _steps(node: Node) -> Size:
    # That a member is a sequence, its reads have made sure of.
    assert node.steps is not None
    return node.steps


def _on_clock(read: Read, reader: int, starts: Mapping[int, Size]) -> Read:
    """A read whose lags are counted on the loop's clock."""

    # D has 7 steps, Y is drawn above the last 4 of them and begins at 3. Step 4 of D reads step 0 of Y: its own step
    # minus 4, which is one step before on the clock.
    def counted(lag: Lag) -> Lag:
        before = starts[reader] - starts[lag.member] - lag.shift
        if before.constant is None:
            raise NoLoop(Fault.UNCLEAR, reader, lag.member)
        return replace(lag, steps=before.constant)

    pieces = (Piece(item.start, item.count, with_lags(item.read, counted)) for item in read.pieces)
    return replace(read, pieces=tuple(pieces))


def _starts(
    circle: Sequence[int],
    reads: Mapping[int, tuple[Read, ...]],
    graph: Graph,
    sizes: Sizes,
) -> dict[int, Size]:
    """The step of the clock at which each member begins: the first, or the earliest at which all it reads is there.

    A member that reads what is computed after it within a step reads it one step before at least.
    """
    edges = [edge for index in circle for edge in _edges(index, circle, reads[index])]
    # Longest paths, Bellman and Ford: start[reader] >= start[source] + shift (+ 1) for all that is read. All begin with
    # the first step unless something holds them up: rows that stand above each other do not drift apart.
    starts = dict.fromkeys(circle, _NONE)
    late = (circle[0], circle[0])
    for _ in range(len(circle) + 1):
        is_changed = False
        for reader, source, weight in edges:
            least = starts[source] + weight
            if _is_later(least, starts[reader], sizes, reader, source):
                starts[reader], late, is_changed = least, (reader, source), True
        if not is_changed:
            return starts
    # A circle without an earlier step: every round would have to begin after itself.
    raise NoLoop(Fault.LATER, *late)


def _edges(
    reader: int, circle: Sequence[int], reads: Sequence[Read]
) -> list[tuple[int, int, Size]]:
    places = {index: place for place, index in enumerate(circle)}
    return [
        (reader, lag.member, lag.shift + (1 if places[lag.member] >= places[reader] else 0))
        for read in reads
        for piece in read.pieces
        for lag in lags_of(piece.read)
    ]


def _is_later(left: Size, right: Size, sizes: Sizes, reader: int, source: int) -> bool:
    differences = sizes.values(left - right)
    if max(differences) <= 0:
        return False
    if min(differences) < 0:
        # n - 3 and 2: which is later depends on how long the data is.
        raise NoLoop(Fault.UNCLEAR, reader, source)
    return True
