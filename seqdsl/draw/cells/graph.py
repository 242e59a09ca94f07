"""cell → data-flow graph: what its equations compute, and from what, as people draw it.

i, f, g, o = split(dense(x, h), 4)      four boxes with a dense in them: they have nothing but their inputs in common
c = sigmoid(f) * c + sigmoid(i) * ...   the activation goes into the box of the dense before it: a gate
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.cells.cell import READ
from seqdsl.layers import Look
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Joint = Callable[["Vertex", list["Vertex"]], "Vertex | None"]


class Role(Enum):
    """What a node of the graph is."""

    READ = "what the step reads"
    STATE = "a state of the step before"
    BOX = "a function"
    CIRCLE = "an operator"
    RESULT = "a state that goes to the next step"


class Source(NamedTuple):
    """A value: one output of a node."""

    node: int
    output: int = 0


@record(frozen=True)
class Vertex:
    """One node.

    Attributes:
        role: what it is.
        look: its color.
        lines: the text in it.
        inputs: what it reads.
        names: what the equations call its outputs, in their order; empty: nothing.
        is_ordered: whether it matters which input is the first one.
    """

    role: Role
    look: Look
    lines: tuple[str, ...]
    inputs: tuple[Source, ...] = ()
    names: tuple[str, ...] = ("",)
    is_ordered: bool = False

    @property
    def is_dense(self) -> bool:
        """Whether it is a dense alone, which an activation may join."""
        return self.look is Look.DENSE and len(self.lines) == 1


@record(frozen=True)
class CellGraph:
    """A cell as a graph without cycles.

    Attributes:
        name: the cell's.
        vertices: its nodes; each reads what is before it.
    """

    name: str
    vertices: tuple[Vertex, ...]

    def readers(self) -> dict[Source, list[tuple[int, int]]]:
        """Who reads each value: nodes, and the places among their inputs."""
        found: dict[Source, list[tuple[int, int]]] = {}
        for node, vertex in enumerate(self.vertices):
            for place, source in enumerate(vertex.inputs):
                found.setdefault(source, []).append((node, place))
        return found

    def carried(self) -> frozenset[Source]:
        """The values that are state: those of the step before, and those for the next one."""
        return frozenset(self._carried())

    def _carried(self) -> Iterator[Source]:
        for node, vertex in enumerate(self.vertices):
            if vertex.role is Role.STATE:
                yield Source(node)
            elif vertex.role is Role.RESULT:
                yield from vertex.inputs


def with_gates(graph: CellGraph) -> CellGraph:
    """The graph with what is one affine map, or one gate, as one box."""
    # dense(x) + dense(h) is dense(x, h), and may then be the inside of a gate: sums first.
    return _joined(_joined(graph, _sum), _gate)


def _sum(reader: Vertex, read: list[Vertex]) -> Vertex | None:
    """Two affine maps that are added up, as one."""
    if reader.lines != ("+",) or len(read) != 2 or not all(item.is_dense for item in read):
        return None
    # `dense 3·units` and `dense` are of different widths: one is spread over the other.
    if read[0].lines != read[1].lines:
        return None
    inputs = (*read[0].inputs, *read[1].inputs)
    return Vertex(Role.BOX, Look.DENSE, read[0].lines, inputs, reader.names)


def _gate(reader: Vertex, read: list[Vertex]) -> Vertex | None:
    """An affine map and the activation of it, as one."""
    if reader.look is not Look.STEPWISE or len(read) != 1 or not read[0].is_dense:
        return None
    lines = (*read[0].lines, *reader.lines)
    # c = sigmoid(f) * c + ...: the gate is still called f
    names = reader.names if any(reader.names) else read[0].names
    return Vertex(Role.BOX, Look.DENSE, lines, read[0].inputs, names)


def _joined(graph: CellGraph, join: Joint) -> CellGraph:
    """The graph without nodes that went into the only one that reads them."""
    readers = graph.readers()
    vertices = list(graph.vertices)
    gone: set[int] = set()
    for node, vertex in enumerate(vertices):
        # A value that something else reads, too, has to be seen by itself:
        # a = dense(x, h); h = tanh(a) * sigmoid(a)
        if all(len(readers[source]) == 1 for source in vertex.inputs):
            joined = join(vertex, [vertices[source.node] for source in vertex.inputs])
            if joined is not None:
                gone |= {source.node for source in vertex.inputs}
                vertices[node] = joined
    kept = [node for node in range(len(vertices)) if node not in gone]
    return CellGraph(graph.name, tuple(_renumbered([vertices[node] for node in kept], kept)))


def _renumbered(vertices: list[Vertex], numbers: list[int]) -> Iterator[Vertex]:
    new = {old: number for number, old in enumerate(numbers)}
    for item in vertices:
        inputs = tuple(Source(new[source.node], source.output) for source in item.inputs)
        yield Vertex(item.role, item.look, item.lines, inputs, item.names, item.is_ordered)


def entering(name: str) -> str:
    """How a drawing names what enters a step: ``x[t]`` at this step, ``h[t-1]`` from the one before."""
    return f"{name}[t]" if name == READ else f"{name}[t-1]"
