"""model → clusters: the networks of the pictures that it calls, for the writers that leave the layout to others.

All networks of a file share the ids of its nodes: those of the first called picture begin with ``called0_``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seqdsl.draw.expanded import called_models
from seqdsl.draw.network import find_network

if TYPE_CHECKING:
    from seqdsl.draw.network import Layer, Network, Vertex
    from seqdsl.lowering.compiled import CompiledModel


@dataclass(frozen=True, slots=True)
class Cluster:
    """A called picture.

    Attributes:
        id: its name in the diagram.
        network: what is in it.
        callers: the layers that are it, in the network of the model and in other clusters.
    """

    id: str
    network: Network
    callers: tuple[Layer, ...]


def find_clusters(model: CompiledModel, network: Network) -> tuple[Cluster, ...]:
    """A cluster for each picture that a model calls, directly or not.

    Args:
        model: what is drawn.
        network: its own network.
    """
    called = called_models(model)
    ids = [f"called{number}" for number in range(len(called))]
    inner = [_prefixed(find_network(item), f"{at}_") for at, item in zip(ids, called, strict=True)]
    callers: dict[str, list[Layer]] = {item.name: [] for item in called}
    for caller, drawn in zip((model, *called), (network, *inner), strict=True):
        for index, picture in caller.drawing.called.items():
            callers[picture.given.name].append(drawn.layers[index])
    return tuple(
        Cluster(at, drawn, tuple(callers[item.name]))
        for at, item, drawn in zip(ids, called, inner, strict=True)
    )


def _prefixed(network: Network, prefix: str) -> Network:
    """The same network, whose ids are those of no other."""

    def vertex(item: Vertex) -> Vertex:
        return replace(item, id=prefix + item.id)

    def layer(item: Layer) -> Layer:
        return replace(item, id=prefix + item.id, vertices=tuple(map(vertex, item.vertices)))

    edges = (
        replace(item, source=prefix + item.source, target=prefix + item.target)
        for item in network.edges
    )
    return replace(
        network,
        prefix=prefix,
        layers=tuple(map(layer, network.layers)),
        joints=tuple(map(vertex, network.joints)),
        edges=tuple(edges),
        # Flows name layers by their numbers, which stay.
        rows=tuple(replace(row, layers=tuple(map(layer, row.layers))) for row in network.rows),
    )
