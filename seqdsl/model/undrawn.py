"""graph without a picture → specification: what the backends need of a graph that nobody drew."""

from __future__ import annotations

from dataclasses import fields

import networkx as nx

from seqdsl.ir.graph import Graph
from seqdsl.ir.verifier import check
from seqdsl.model.spec import ModelSpec
from seqdsl.syntax.names import class_name


def specification(graph: Graph) -> ModelSpec:
    """A graph as a specification; without a picture, nothing is said of its topology.

    Raises:
        InvalidGraph: the graph was not drawn, and something in it does not hold: nothing is generated of it.
    """
    if isinstance(graph, ModelSpec):
        return graph
    check(graph)
    return ModelSpec(
        **{item.name: getattr(graph, item.name) for item in fields(Graph)},
        class_name=class_name(graph.name),
        picture="",
        pairs=(),
        topology="",
        qualifiers=(),
        counts={},
        graph=nx.DiGraph(),
    )
