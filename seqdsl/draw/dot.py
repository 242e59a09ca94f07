"""network → DOT, the language of Graphviz: rows are ranks, as in the picture, with their layers named at the right."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.draw.themes import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.draw.clusters import Cluster
    from seqdsl.draw.network import Edge, Layer, Network, Row, Vertex

FONT = 'fontname="Helvetica,Arial,sans-serif"'
"""The type of all texts in DOT."""

_BARE = 'shape=plaintext, style=""'
_SHAPES = {
    "bus": ", shape=point, width=0.06, height=0.06",
    "dots": f", {_BARE}",
}
# In inches: of a letter of a layer's name. All names are as wide as the longest, so that they begin in one column.
_LETTER = 0.095


def to_dot(network: Network, clusters: Sequence[Cluster] = ()) -> str:
    """Write a network as a ``digraph``, with the pictures that it calls below it if they are given."""
    return "\n".join(_lines(network, clusters)) + "\n"


def _lines(network: Network, clusters: Sequence[Cluster]) -> Iterator[str]:
    # Only in a compound graph an edge may end at the border of a cluster; ranks of the whole graph at once keep the
    # order of rows, which those of each cluster by itself may lose.
    compound = ", compound=true, newrank=true" if clusters else ""
    yield f"digraph {quoted(network.name)} {{"
    yield f"  graph [rankdir=BT, {FONT}, labelloc=t, nodesep=0.25, ranksep=0.35{compound}]"
    if network.name:
        yield f"  label={quoted(network.name)}"
    yield f'  node [shape=box, style="rounded,filled", width=0.4, height=0.35, margin="0.08,0.04", {FONT}]'
    yield f"  edge [color={quoted(LIGHT.data)}, arrowsize=0.7, fontsize=11, {FONT}]"
    # What is written for the titles of a network holds for all nodes behind it, but not out of a cluster.
    for cluster in clusters:
        yield from _cluster(cluster)
    yield from _body(network)
    for cluster in clusters:
        yield from _call_edges(cluster, network)
    yield "}"


def _body(network: Network) -> Iterator[str]:
    is_whole = any(layer.vertices for layer in network.layers)
    return _steps(network) if is_whole else _layers(network)


def _cluster(cluster: Cluster) -> Iterator[str]:
    """A frame with the name of a called picture, and the picture in it."""
    yield f"  subgraph cluster_{cluster.id} {{"
    yield f"    label={quoted(cluster.network.name)}"
    # Graphviz turns clusters over with the direction of the graph: their bottom is above.
    yield f'    graph [labelloc=b, style="rounded,dashed", color={quoted(LIGHT.data)}]'
    yield from (f"  {line}" for line in _body(cluster.network))
    yield "  }"


def _call_edges(cluster: Cluster, network: Network) -> Iterator[str]:
    """A dashed line from the first node of each row that is a called picture to the frame around that, below it."""
    # No edge joins clusters as such: it begins at a node within, here of the top row, and is cut at the border. It runs
    # upward as all edges do, with its head at its beginning: so Graphviz puts the frame below what calls it.
    within = _ends(cluster.network.rows[-1].layers[0])[0]
    look = "dir=back, arrowtail=open, style=dashed, weight=0"
    for caller in cluster.callers:
        yield f"  {within} -> {_ends(caller)[0]} [ltail=cluster_{cluster.id}, {look}]"
    # The model has no frame: below its last row, no other can come between its columns.
    yield f"  {within} -> {_ends(network.rows[0].layers[0])[0]} [style=invis, weight=0]"


def _ends(layer: Layer) -> list[str]:
    """What edges of a layer may begin or end at: its units, or itself where it has none."""
    return [item.id for item in layer.vertices if item.kind == "unit"] or [layer.id]


def _steps(network: Network) -> Iterator[str]:
    """Every unit and every wire, and the names of the layers as a column of their own."""
    for layer in network.layers:
        yield from (f"  {_statement(vertex, layer)}" for vertex in layer.vertices)
    yield from (f"  {_statement(joint)}" for joint in network.joints)
    yield from _rows(network)
    ordered = _ordered_by_state(network)
    for edge in network.edges:
        yield f"  {edge.source} -> {edge.target}{_edge_look(edge, ordered)}"


def _ordered_by_state(network: Network) -> set[tuple[str, str]]:
    """The neighbors in a row that a state wire joins from left to right: it holds their order by itself."""
    pairs = {pair for row in network.rows for pair in pairwise(_row_of(row))}
    return {(edge.source, edge.target) for edge in network.edges if edge.kind == "state"} & pairs


def _edge_look(edge: Edge, ordered: set[tuple[str, str]]) -> str:
    if edge.kind == "earlier":
        return f" [color={quoted(LIGHT.feedback)}, constraint=false]"
    if edge.kind == "wire":
        return f" [label={quoted(edge.text)}]" if edge.text else ""
    if edge.kind == "window":
        # Thin and without heads, as in drawings; the wires alone say what is above what.
        return f" [color={quoted(LIGHT.window)}, penwidth=0.6, arrowhead=none, constraint=false]"
    # Other state wires run back, or to other rows, and must not move what they join.
    loose = "" if (edge.source, edge.target) in ordered else ", constraint=false"
    text = f", label={quoted(edge.text)}, fontcolor={quoted(LIGHT.state)}" if edge.text else ""
    return f" [color={quoted(LIGHT.state)}{loose}{text}]"


def _row_of(row: Row) -> list[str]:
    """The vertices of a row from left to right."""
    return [vertex.id for layer in row.layers for vertex in layer.vertices]


def _rows(network: Network) -> Iterator[str]:
    """Each row's units in their order, held by invisible edges, with the names of its layers behind them."""
    ordered = _ordered_by_state(network)
    width = _LETTER * max(len(text) for row in network.rows for text in row.texts)
    # The defaults of nodes hold for what comes after them: all units are written before.
    yield f"  node [width={width:.2f}, {_BARE}, fontsize=12, group=titles]"
    for number, row in enumerate(network.rows):
        yield f"  {network.prefix}title{number} [label={_left(row.texts)}]"
        names = [*_row_of(row), f"{network.prefix}title{number}"]
        pairs = [pair for pair in pairwise(names) if pair not in ordered]
        order = "".join(f"; {left} -> {right} [style=invis]" for left, right in pairs)
        yield f"  {{ rank=same; {'; '.join(names)}{order} }}"
    if len(network.rows) > 1:
        order = " -> ".join(f"{network.prefix}title{number}" for number in range(len(network.rows)))
        yield f"  {order} [style=invis, weight=50]"


def _left(lines: tuple[str, ...]) -> str:
    r"""A label whose lines begin at the left; ``\\l`` ends such a line."""
    return '"' + "".join(quoted(line)[1:-1] + "\\l" for line in lines) + '"'


def _layers(network: Network) -> Iterator[str]:
    """A node for each layer, and what it reads of others."""
    for layer in network.layers:
        label = quoted(f"{layer.call}\n{layer.facts}")
        yield f"  {layer.id} [label={label}, {_colors(layer)}]"
    for flow in network.flows:
        state = f", color={quoted(LIGHT.state)}" if flow.is_state else ""
        # What runs back must not turn the layers over.
        state = f", color={quoted(LIGHT.feedback)}, constraint=false" if flow.is_earlier else state
        ends = f"{network.layers[flow.source].id} -> {network.layers[flow.target].id}"
        yield f"  {ends} [label={quoted(flow.text)}{state}]"


def _statement(vertex: Vertex, layer: Layer | None = None) -> str:
    colors = f", {_colors(layer)}" if layer is not None and vertex.kind == "unit" else ""
    column = f", group=c{vertex.column}" if vertex.column >= 0 else ""
    label = quoted(vertex.text)
    return f"{vertex.id} [label={label}{colors}{column}{_SHAPES.get(vertex.kind, '')}]"


def _colors(layer: Layer) -> str:
    ground, border = LIGHT.nodes[layer.family]
    return f"fillcolor={quoted(ground)}, color={quoted(border)}"


def quoted(text: str) -> str:
    """A text as a quoted DOT string of just these characters."""
    # The backslash first: `\N` is the node's name to Graphviz, and what is replaced after it brings new ones.
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{safe}"'
