"""network → DOT, the language of Graphviz: rows are ranks, layers are clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.themes import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.network import Layer, Network, Vertex

_FONT = 'fontname="Helvetica,Arial,sans-serif"'
_BARE = 'shape=plaintext, style=""'
_SHAPES = {"junction": ", shape=point", "state": f", {_BARE}", "dots": f", {_BARE}"}


def to_dot(network: Network) -> str:
    """Write a network as a ``digraph``."""
    return "\n".join(_lines(network)) + "\n"


def _lines(network: Network) -> Iterator[str]:
    yield f"digraph {quoted(network.name)} {{"
    # Without `newrank` a node in a cluster cannot be on one rank with nodes outside of it: ranks are found cluster by
    # cluster then, and two layers side by side would not be in one row.
    yield f"  graph [rankdir=BT, {_FONT}, labeljust=l, newrank=true, style=rounded]"
    yield f"  label={quoted(network.name)}"
    yield f'  node [shape=box, style="rounded,filled", {_FONT}]'
    yield f"  edge [color={quoted(LIGHT.data)}]"
    for layer in network.layers:
        yield from _cluster(layer)
    for row in network.rows:
        names = "; ".join(vertex.id for layer in row for vertex in layer.vertices)
        yield f"  {{ rank=same; {names} }}"
    for joint in network.joints:
        yield f"  {_statement(joint)}"
    for edge in network.edges:
        # State runs along a row: it must not lift its target to a rank of its own.
        state = f" [color={quoted(LIGHT.state)}, constraint=false]" if edge.is_state else ""
        yield f"  {edge.source} -> {edge.target}{state}"
    yield "}"


def _cluster(layer: Layer) -> Iterator[str]:
    ground, border = LIGHT.nodes[layer.family]
    yield f"  subgraph cluster_{layer.id} {{"
    yield f"    label={quoted(layer.title)}"
    yield f"    color={quoted(LIGHT.muted)}"
    yield f"    node [fillcolor={quoted(ground)}, color={quoted(border)}]"
    for vertex in layer.vertices:
        yield f"    {_statement(vertex)}"
    yield "  }"


def _statement(vertex: Vertex) -> str:
    return f"{vertex.id} [label={quoted(vertex.text)}{_SHAPES.get(vertex.kind, '')}]"


def quoted(text: str) -> str:
    """A text as a quoted DOT string of just these characters."""
    # The backslash first: `\N` is the node's name to Graphviz, and what is replaced after it brings new ones.
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{safe}"'
