"""data-flow graph → DOT and Mermaid, which lay it out themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw import dot, mermaid
from seqdsl.draw.cells.graph import Role
from seqdsl.draw.themes import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.cells.graph import CellGraph, Source

_DOT_SHAPES = {Role.CIRCLE: ", shape=circle, margin=0", Role.BOX: ""}
_MERMAID_SHAPES = {Role.CIRCLE: ("((", "))"), Role.BOX: ("(", ")")}


def to_dot(graph: CellGraph, title: str) -> str:
    """A cell as a ``digraph`` from left to right."""
    return "\n".join(_dot_lines(graph, title)) + "\n"


def _dot_lines(graph: CellGraph, title: str) -> Iterator[str]:
    yield f"digraph {dot.quoted(title)} {{"
    yield f"  graph [rankdir=LR, {dot.FONT}, labelloc=t, nodesep=0.25, ranksep=0.35]"
    if title:
        yield f"  label={dot.quoted(title)}"
    yield f'  node [shape=box, style="rounded,filled", width=0.4, height=0.35, {dot.FONT}]'
    yield f"  edge [color={dot.quoted(LIGHT.data)}, arrowsize=0.7, fontsize=11, {dot.FONT}]"
    for number, vertex in enumerate(graph.vertices):
        ground, border = LIGHT.nodes[vertex.look]
        colors = f"fillcolor={dot.quoted(ground)}, color={dot.quoted(border)}"
        shape = _DOT_SHAPES.get(vertex.role, ", shape=ellipse")
        label = dot.quoted("\n".join(vertex.lines))
        yield f"  n{number} [label={label}, {colors}{shape}]"
    carried = graph.carried()
    for source, node, name in _edges(graph):
        color = f", color={dot.quoted(LIGHT.state)}" if source in carried else ""
        yield f"  n{source.node} -> n{node} [label={dot.quoted(name)}{color}]"
    yield "}"


def to_mermaid(graph: CellGraph, title: str) -> str:
    """A cell as a flowchart from left to right."""
    return "\n".join(_mermaid_lines(graph, title)) + "\n"


def _mermaid_lines(graph: CellGraph, title: str) -> Iterator[str]:
    if title:
        yield from ("---", f"title: {mermaid.quoted(title)}", "---")
    yield "flowchart LR"
    for number, vertex in enumerate(graph.vertices):
        start, end = _MERMAID_SHAPES.get(vertex.role, ("([", "])"))
        # Labels are in quotes: `<br>` within them is a new line, all else is escaped.
        text = "<br>".join(mermaid.escaped(line) for line in vertex.lines)
        yield f'  n{number}{start}"{text}"{end}'
    carried = graph.carried()
    states = []
    for number, (source, node, name) in enumerate(_edges(graph)):
        label = f"|{mermaid.quoted(name)}|" if name else ""
        yield f"  n{source.node} -->{label} n{node}"
        # A style is that of a link by its number.
        states += [str(number)] if source in carried else []
    if states:
        yield f"  linkStyle {','.join(states)} stroke:{LIGHT.state}"
    yield from _mermaid_colors(graph)


def _mermaid_colors(graph: CellGraph) -> Iterator[str]:
    """A class for each look, and the nodes that have it."""
    # classDef dense fill:#d5f2e7,...
    # class n3,n4 dense
    for look in dict.fromkeys(vertex.look for vertex in graph.vertices):
        ground, border = LIGHT.nodes[look]
        members = (f"n{at}" for at, item in enumerate(graph.vertices) if item.look is look)
        yield f"  classDef {look.value} fill:{ground},stroke:{border},color:{LIGHT.text}"
        yield f"  class {','.join(members)} {look.value}"


def _edges(graph: CellGraph) -> Iterator[tuple[Source, int, str]]:
    """What leads from where to where, and its name."""
    for node, vertex in enumerate(graph.vertices):
        for source in vertex.inputs:
            yield source, node, graph.vertices[source.node].names[source.output]
