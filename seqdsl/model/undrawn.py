"""graph without a picture → specification: what the backends need of a graph that was not drawn."""

from __future__ import annotations

from dataclasses import fields

from seqdsl.ir.cells import built_in
from seqdsl.ir.graph import Graph
from seqdsl.model.spec import ModelSpec
from seqdsl.syntax.names import class_name


def specification(graph: Graph) -> ModelSpec:
    """A graph as a specification; without a picture, its topology is empty.

    Raises:
        InvalidGraph: the graph was not drawn, and something in it does not hold: nothing is generated of it.
        NotImplementedError: it has a cell that no backend knows.
    """
    if isinstance(graph, ModelSpec):
        return graph
    # Hardly any graph comes this way; the others need none of it.
    import networkx as nx

    from seqdsl.ir.verifier import check

    check(graph)
    if unknown := graph.cells.keys() - built_in().keys():
        raise NotImplementedError(f"no backend generates the cell `{min(unknown)}`")
    return ModelSpec(
        **{item.name: getattr(graph, item.name) for item in fields(Graph)},
        class_name=class_name(graph.name),
        picture="",
        pairs=(),
        topology=None,
        qualifiers=(),
        depth=0,
        counts={},
        graph=nx.DiGraph(),
    )
