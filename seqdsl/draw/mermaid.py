"""network → Mermaid flowchart: a subgraph for each layer, for pages that draw such text themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.draw.themes import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.draw.network import Network, Vertex


def to_mermaid(network: Network) -> str:
    """Write a network as a flowchart that runs from the bottom up."""
    return "\n".join(_lines(network)) + "\n"


def _lines(network: Network) -> Iterator[str]:
    # The title is YAML; a quoted label of Mermaid's, with no backslash and no inner quote, is a YAML string, too.
    yield "---"
    yield f"title: {quoted(network.name)}"
    yield "---"
    yield "flowchart BT"
    for layer in network.layers:
        yield f"  subgraph {layer.id}[{quoted(layer.title)}]"
        # Mermaid ignores this where a node of the subgraph is joined to the outside.
        yield "    direction LR"
        yield from (f"    {_statement(vertex)}" for vertex in layer.vertices)
        yield "  end"
    yield from (f"  {_statement(joint)}" for joint in network.joints)
    for edge in network.edges:
        yield f"  {edge.source} {'-.->' if edge.is_state else '-->'} {edge.target}"
    yield from _colors(network)


def _statement(vertex: Vertex) -> str:
    text = quoted(vertex.text or " ")
    return f"{vertex.id}(({text}))" if vertex.kind == "junction" else f"{vertex.id}({text})"


def _colors(network: Network) -> Iterator[str]:
    for family in dict.fromkeys(layer.family for layer in network.layers):
        ground, border = LIGHT.nodes[family]
        yield f"  classDef {family.value} fill:{ground},stroke:{border},color:{LIGHT.text}"
        members = (
            v.id for layer in network.layers if layer.family == family for v in layer.vertices
        )
        yield f"  class {','.join(members)} {family.value}"


def quoted(text: str) -> str:
    """A text as a quoted label: what could end it, or be read as markup, is an entity of Mermaid's."""
    return '"' + "".join(_entity(char) for char in text) + '"'


def _entity(char: str) -> str:
    # `"` is #34;, and `#` itself #35;: else "#35;" in a text would be read as a `#`.
    plain = char.isalnum() or char in " _.,:()=+-→×…"
    return char if plain else f"#{ord(char)};"
