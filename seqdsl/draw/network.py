"""model → network: the drawn units and what joins them, for the writers that leave the layout to others.

Dot places the units of a row side by side, whatever joins them; Mermaid keeps a row in order only where no wire leaves
its units. So a network has its wires twice: from unit to unit (``edges``), and from layer to layer (``flows``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import networkx as nx

from seqdsl.draw.axis import columns_of
from seqdsl.draw.families import family, node_text
from seqdsl.draw.flows import Flow, find_flows
from seqdsl.draw.labels import call_text, facts_text, shortened
from seqdsl.draw.notes import find_entries
from seqdsl.draw.windows import find_reads, window_text
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.draw.axis import Axis
    from seqdsl.layers import Look
    from seqdsl.lowering.compiled import CompiledModel

MOST_UNITS = 200
"""A network of more units and buses has its layers alone."""

Joint = Literal["unit", "dots", "bus"]
EdgeKind = Literal["wire", "earlier", "state", "window"]


@dataclass(frozen=True, slots=True)
class Vertex:
    """A unit, the dots of elided steps, or a bus.

    ``column`` is that of the picture: what is above each other there is aligned.
    """

    id: str
    kind: Joint
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Layer:
    """One block: the vertices of its row, left to right; none where the network has its layers alone.

    Attributes:
        id: its name in the diagram.
        family: what its layer is, for the color.
        call: its letter and layer: ``H: gru(2)``.
        facts: name and shape of its value.
        vertices: its units and their dots.
        state: how state runs along its units; ``None`` where it has none.
    """

    id: str
    family: Look
    call: str
    facts: str
    vertices: tuple[Vertex, ...]
    state: Direction | None


@dataclass(frozen=True, slots=True)
class Edge:
    """What joins the vertices of two ids; ``text``: what is passed to another layer.

    A convolution reads more than the steps that wires lead to it from: those are joined to it, too.
    """

    source: str
    target: str
    kind: EdgeKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The layers of one row, left to right, and the texts on them."""

    layers: tuple[Layer, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """What is joined to what.

    Attributes:
        name: what is above it; nothing if empty.
        layers: its blocks.
        joints: vertices that belong to no layer.
        edges: what joins vertices; none where the network has its layers alone.
        flows: what joins layers.
        rows: the layers side by side, bottom first.
        prefix: what all ids begin with, where other networks are in the same diagram.
    """

    name: str
    layers: tuple[Layer, ...]
    joints: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    flows: tuple[Flow, ...]
    rows: tuple[Row, ...]
    prefix: str = ""


def find_network(model: CompiledModel, title: str | None = None) -> Network:
    """The network of a picture; a long row is cut where its drawing is, a large one has its layers alone.

    ``title`` stands for the model's name, if any; an empty one for none.
    """
    axis = columns_of(model.drawing.grid)
    trace = model.drawing.trace
    drawn = sum(not axis.hides(column) for column in trace.units) + len(trace.junctions)
    whole = drawn <= MOST_UNITS
    layers = tuple(_layer(model, index, axis, whole) for index in range(len(model.drawing.blocks)))
    joints = tuple(_buses(model)) if whole else ()
    known = {vertex.id for layer in layers for vertex in layer.vertices}
    known |= {joint.id for joint in joints}
    edges = tuple(
        edge for edge in (_edges(model) if whole else ()) if {edge.source, edge.target} <= known
    )
    rows = tuple(_rows(model, layers))
    name = model.name if title is None else title
    return Network(name, layers, joints, edges, _left_to_right(model, find_flows(model)), rows)


def _left_to_right(model: CompiledModel, flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """The flows into each layer, in the order in which what they come from stands in the picture.

    Mermaid has nothing to say which of two layers is on the left (an invisible link would put one above the other). It
    often takes the one that it reads of first.
    """
    blocks, columns = model.drawing.blocks, model.drawing.trace.units
    return tuple(sorted(flows, key=lambda flow: (flow.target, columns[blocks[flow.source].first])))


def _edges(model: CompiledModel) -> Iterator[Edge]:
    """All wires, without the corners of theirs: where just one thing goes on, and where a final state leaves its row.

    ::

            D D                     E1 -> E2 is state, E2 -> D1 is `h, c`; the graph has a node for the final
        +---+                       state and for each of the two corners
        |
    E-E-+
    """
    graph = _without_corners(model.graph)
    blocks = dict(graph.nodes(data="block"))
    near, far = _windows(model)
    for source, target, kind in graph.edges(data="kind"):
        is_passed = kind == "state" and blocks[source] != blocks[target]
        text = _passed(model, blocks[source], blocks[target]) if is_passed else far.get(target, "")
        yield Edge(
            f"n{source}", f"n{target}", kind if kind in ("state", "earlier") else "wire", text
        )
    yield from near


def _windows(model: CompiledModel) -> tuple[list[Edge], dict[int, str]]:
    """What windows read of the row below, and the texts on windows over lower rows, by the first unit that has one.

    Edges past other rows would run around all their nodes: `window of 3` on the first wire says as much.
    """
    drawing = model.drawing
    rows = sorted({block.row for block in drawing.blocks})
    # Of rows of nodes in the lines 0, 2 and 5 the one below 5 is 2.
    below = dict(zip(rows[1:], rows, strict=False))
    near: list[Edge] = []
    far: dict[int, str] = {}
    for index, block in enumerate(drawing.blocks):
        for unit, sources in find_reads(drawing, index):
            if all(drawing.trace.rows[at] == below[block.row] for at in sources):
                near += [Edge(f"n{at}", f"n{unit}", "window") for at in sources]
            else:
                far.setdefault(block.first, window_text(drawing, index))
    return near, far


def _without_corners(drawn: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The graph of a picture, with what leads to a corner or a final state joined to what leads on from it."""
    # Two units may be joined twice: by a wire and by state, or by two wires of which one turns a corner.
    graph = nx.MultiDiGraph(drawn)
    kinds = dict(graph.nodes(data="kind"))
    corners = [at for at, kind in kinds.items() if kind == "junction" and graph.in_degree(at) == 1]
    # Corners first: a bidirectional state has two ends, and with those the corner behind it two sources.
    passing = ("state", "delayed")
    for node in (*corners, *(at for at, kind in kinds.items() if kind in passing)):
        for source, _, before in [*graph.in_edges(node, data="kind")]:
            for _, target, after in [*graph.out_edges(node, data="kind")]:
                graph.add_edge(source, target, kind=_joined({before, after}))
        graph.remove_node(node)
    return graph


def _joined(kinds: set[str]) -> str:
    """What two edges are as one."""
    return next((kind for kind in ("earlier", "state") if kind in kinds), "wire")


def _passed(model: CompiledModel, source: int | None, target: int | None) -> str:
    """What is passed from a block to another, or to a bus (``None``)."""
    settings = model.drawing.settings
    if source is None:
        return "initial state"
    if target is None or not settings[target].is_recurrent:
        return "final state"
    return ", ".join(settings[source].definition.states) or "initial state"


def _layer(model: CompiledModel, index: int, axis: Axis, whole: bool) -> Layer:
    settings = model.drawing.settings[index]
    return Layer(
        f"layer{index}",
        family(settings.kind),
        shortened(call_text(model, index)),
        shortened(facts_text(model, index) + _carried(model, index)),
        tuple(_units(model, index, axis)) if whole else (),
        model.drawing.states.directions[index] if settings.is_recurrent else None,
    )


def _carried(model: CompiledModel, index: int) -> str:
    """What is said of a block that takes its state from the call before, or gives it to the next one."""
    ends = {end.leaves for end in model.drawing.states.ends if end.block == index}
    words = {False: "state from the last call", True: "state to the next call"}
    return "".join(f", {words[leaves]}" for leaves in sorted(ends))


def _units(model: CompiledModel, index: int, axis: Axis) -> Iterator[Vertex]:
    """The units of a block and its dots.

    ::

        H H H ... H     n0 n1 n2 dots3 n3, at the columns 0 2 4 6 10; units whose columns are cut are dots, too
    """
    block, columns = model.drawing.blocks[index], model.drawing.trace.units
    text = node_text(model.drawing, index)
    dots = {stretch.after for stretch in block.stretches}
    # What is cut is one vertex, with the number of units in it; the others are as they are drawn.
    hidden: list[int] = []
    for number in range(block.count + 1):
        unit = block.first + number
        is_hidden = number < block.count and axis.hides(columns[unit])
        if hidden and not is_hidden:
            yield Vertex(f"cut{index}", "dots", f"… {len(hidden)} more …", columns[hidden[0]])
            hidden.clear()
        if number in dots and not is_hidden:
            yield Vertex(f"dots{index}_{number}", "dots", "…", columns[unit - 1] + 1)
        if is_hidden:
            hidden.append(unit)
        elif number < block.count:
            yield Vertex(f"n{unit}", "unit", text, columns[unit])


def _buses(model: CompiledModel) -> Iterator[Vertex]:
    """Where several things meet; `seqdsl.picture.steps` numbers them after the units."""
    for node, kind in model.graph.nodes(data="kind"):
        if kind == "junction" and model.graph.in_degree(node) != 1:
            yield Vertex(f"n{node}", "bus", "", -1)


def _rows(model: CompiledModel, layers: tuple[Layer, ...]) -> Iterator[Row]:
    rows: dict[int, list[int]] = {}
    for index, block in enumerate(model.drawing.blocks):
        rows.setdefault(block.row, []).append(index)
    for _, indices in sorted(rows.items()):
        entries = find_entries(model, indices)
        texts = (f"{shortened(entry.call)}  {entry.facts}" for entry in entries)
        yield Row(tuple(layers[index] for index in indices), tuple(texts))
