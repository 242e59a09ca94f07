"""network → Mermaid flowchart: layers from the bottom up, and in each its steps from left to right.

Mermaid keeps the direction of a subgraph only while no link leaves its nodes, and otherwise lets time run upward in
stairs. So data is drawn from layer to layer, with what is read where that is not the step below.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.draw.themes import LIGHT
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.draw.clusters import Cluster
    from seqdsl.draw.flows import Flow
    from seqdsl.draw.network import Layer, Network

# Mermaid lays out along its links: those against the direction are drawn, and invisible ones keep the order.
_STATE = {None: "~~~", Direction.FORWARD: "-.->", Direction.BIDIRECTIONAL: "<-.->"}


def to_mermaid(network: Network, clusters: Sequence[Cluster] = ()) -> str:
    """Write a network, and the pictures that it calls if they are given, as a flowchart from the bottom up."""
    return "\n".join(_lines(network, clusters)) + "\n"


def _lines(network: Network, clusters: Sequence[Cluster]) -> Iterator[str]:
    if network.name:
        yield "---"
        yield f"title: {quoted(network.name)}"
        yield "---"
    yield "flowchart BT"
    networks = [network, *(cluster.network for cluster in clusters)]
    yield from _body(network)
    for cluster in clusters:
        yield from _cluster(cluster)
    for cluster in clusters:
        # A link runs upward: what is called comes to lie below what calls it.
        yield from (f"  {cluster.id} -.- {caller.id}" for caller in cluster.callers)
    earlier = [str(link) for link in _earlier(networks)]
    if earlier:
        yield f"  linkStyle {','.join(earlier)} stroke:{LIGHT.feedback},color:{LIGHT.feedback}"
    yield from _colors([layer for item in networks for layer in item.layers], clusters)


def _body(network: Network) -> Iterator[str]:
    for layer in network.layers:
        yield from _layer(layer)
    yield from (f"  {_flow(network, flow)}" for flow in network.flows)


def _cluster(cluster: Cluster) -> Iterator[str]:
    """A frame with the name of a called picture, and the picture in it."""
    yield f"  subgraph {cluster.id}[{quoted(cluster.network.name)}]"
    # No link leaves what is within, only the frame: so it keeps its direction.
    yield "    direction BT"
    yield from (f"  {line}" for line in _body(cluster.network))
    yield "  end"


def _earlier(networks: Sequence[Network]) -> Iterator[int]:
    """The links that carry values of the step before; a style is that of a link by its number in the whole chart."""
    before = 0
    for network in networks:
        before += _links(network)
        yield from (at for at, flow in enumerate(network.flows, before) if flow.is_earlier)
        before += len(network.flows)


def _links(network: Network) -> int:
    """How many links of a network there are before those between layers."""
    steps = 0
    for layer in network.layers:
        each = 2 if layer.state is Direction.BACKWARD else 1
        steps += each * max(len(layer.vertices) - 1, 0)
    return steps


def _layer(layer: Layer) -> Iterator[str]:
    """A subgraph of steps, or a node where there is but one."""
    if len(layer.vertices) < 2:
        yield f"  {layer.id}({_two_lines(layer.call, layer.facts)})"
        return
    yield f"  subgraph {layer.id}[{quoted(f'{layer.call} {layer.facts}')}]"
    yield "    direction LR"
    yield from (f"    {vertex.id}({quoted(vertex.text)})" for vertex in layer.vertices)
    for left, right in pairwise(vertex.id for vertex in layer.vertices):
        yield f"    {_step(left, right, layer.state)}"
    yield "  end"


def _step(left: str, right: str, state: Direction | None) -> str:
    # There is no link with a head at its beginning alone: one to the right that is not seen comes first, so that
    # Mermaid, which breaks the cycle of the two, keeps the order of the steps.
    if state is Direction.BACKWARD:
        return f"{left} ~~~ {right} -.-> {left}"
    return f"{left} {_STATE[state]} {right}"


def _flow(network: Network, flow: Flow) -> str:
    source, target = network.layers[flow.source].id, network.layers[flow.target].id
    text = f"|{quoted(flow.text)}|" if flow.text else ""
    return f"{source} {'-.->' if flow.is_state else '-->'}{text} {target}"


def _colors(layers: Sequence[Layer], clusters: Sequence[Cluster]) -> Iterator[str]:
    """The colors of each family, on its nodes; the frames around them are plain."""
    for family in dict.fromkeys(layer.family for layer in layers):
        ground, border = LIGHT.nodes[family]
        yield f"  classDef {family.value} fill:{ground},stroke:{border},color:{LIGHT.text}"
        members = (name for layer in layers if layer.family == family for name in _nodes(layer))
        yield f"  class {','.join(members)} {family.value}"
    frames = [layer.id for layer in layers if len(layer.vertices) > 1]
    frames += [cluster.id for cluster in clusters]
    if frames:
        yield f"  classDef frame fill:{LIGHT.ground},stroke:{LIGHT.data},color:{LIGHT.text}"
        yield f"  class {','.join(frames)} frame"


def _nodes(layer: Layer) -> tuple[str, ...]:
    """The nodes of a layer by which its color is seen."""
    if len(layer.vertices) < 2:
        return (layer.id,)
    return tuple(vertex.id for vertex in layer.vertices)


def _two_lines(call: str, facts: str) -> str:
    """A label of a node; a subgraph has room for one line only, its nodes lie on the second."""
    return f'"{escaped(call)}<br>{escaped(facts)}"' if facts else quoted(call)


def quoted(text: str) -> str:
    """A text as a quoted label: what could end it, or be read as markup, is an entity of Mermaid's."""
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """A text within a label: what could end it, or be read as markup, is an entity."""
    return "".join(_entity(char) for char in text)


def _entity(char: str) -> str:
    # `"` is #34;, and `#` itself #35;: else "#35;" in a text would be read as a `#`.
    plain = char.isalnum() or char in " _.,:()=+-→×…"
    return char if plain else f"#{ord(char)};"
