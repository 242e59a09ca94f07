"""graph → texts of what its file declares beside it: cells, and the pictures that it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.cells.text import cell_text
from seqdsl.ir.operations import Call
from seqdsl.layers import layer_def
from seqdsl.layout.picture import Unplaceable
from seqdsl.model.spec import ModelSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import Graph


def cells_of(graph: Graph) -> Iterator[str]:
    """The texts of the cells that a file declares for a graph, and for what it calls."""
    graphs = [graph, *_bodies(graph).values()]
    scans = [(node.kind, node.scan) for item in graphs for node in item.nodes]
    found = {
        scan.body.name: scan.body
        for kind, scan in scans
        if scan is not None and layer_def(kind).is_declared
    }
    yield from map(cell_text, found.values())


def called_by(graph: Graph) -> Iterator[str]:
    """The texts of the pictures that a graph calls."""
    for name, body in _bodies(graph).items():
        yield f"model {name}\n\n{body.picture}\n"


def _bodies(graph: Graph) -> dict[str, ModelSpec]:
    """The pictures that a graph calls, each behind those that it calls itself."""
    known: dict[str, ModelSpec] = {}
    for node in graph.nodes:
        if isinstance(node.operation, Call):
            body = node.operation.body
            if not isinstance(body, ModelSpec):
                raise Unplaceable(f"`{node.kind}`, which is called, is not drawn")
            known |= {**body.called, body.name: body}
    return known
