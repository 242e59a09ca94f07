"""graph → where one feature is spread over several: sums and the like of values that are not equally wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.compare import Sizes
from seqdsl.ir.expressions import Elementwise, walk
from seqdsl.ir.operations import Merge, read_by
from seqdsl.ir.shapes import Shapes, Type, types_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Graph


def shapes_of(graph: Graph) -> Shapes:
    """What tells the type of every expression over the nodes of a graph."""
    return Shapes(Sizes(graph), types_of(graph))


def spreads(graph: Graph) -> tuple[Type, ...]:
    """The types of all values that are combined of others, some of which have one feature and some more."""
    shapes = shapes_of(graph)
    found: dict[Type, None] = {}
    for parts in _combined(graph):
        whole = shapes.spread(parts)
        # (6, 1) + (6, 8) spreads a feature over 8; (6, 8) + (6, 8) none.
        if any(not shapes.sizes.same(shapes.of(part).features, whole.features) for part in parts):
            found[whole] = None
    return tuple(found)


def _combined(graph: Graph) -> Iterator[Sequence[Expression]]:
    """The operands of everything that is combined element by element."""
    for node in graph.nodes:
        if isinstance(node.operation, Merge):
            yield node.operation.operands
        for view in read_by(node.operation):
            yield from (item.parts for item in walk(view) if isinstance(item, Elementwise))
