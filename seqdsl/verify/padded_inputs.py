"""model specification + input → whether it tells padding from data, and where its padding may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import body_in, takes_places
from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.operations import Call, Padding, Placeholder
from seqdsl.verify.jobs import PaddedPlaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import Input
    from seqdsl.ir.nodes import GraphData, Node


def knows_padding(item: Input, spec: GraphData) -> bool:
    """Whether some steps may be padding, and have a value, or an id, that says so, here or in a called picture."""
    return not has_lengths(item, spec) and _owner(item, spec) is not None


def has_lengths(item: Input, spec: GraphData) -> bool:
    """Whether an argument says how many steps are valid: those behind them may hold anything."""
    return any(one.block == item.block for one in spec.lengths)


def _owner(item: Input, spec: GraphData) -> tuple[Input, GraphData] | None:
    """The input, of this graph or of one that is called, that says what padding is; ``None``: there is none."""
    own = spec.nodes[item.block].masking.begins
    if own or (
        item.dtype == "int32"
        and any(node.masking.begins and _reads(node, item) for node in spec.nodes)
    ):
        return item, spec
    return next(_owners(item, spec, places=False), None)


def _owners(item: Input, spec: GraphData, *, places: bool) -> Iterator[tuple[Input, GraphData]]:
    """The inputs of called graphs that read an input, or the places of its steps, and know padding."""
    for node in spec.nodes:
        if not isinstance(node.operation, Call) or not _reads(node, item):
            continue
        body = body_in(node.operation)
        if takes_places(node.operation, spec.grids) == places:
            found = _owner(body.inputs[0], body)
            yield from () if found is None else [found]


def _reads(node: Node, item: Input) -> bool:
    return any(item.block in blocks_of(view) for view in node.views)


def marks_of(item: Input, spec: GraphData) -> float:
    """The value of all features, or the id, of a padded step."""
    source, graph = _owner(item, spec) or (item, spec)
    operation = graph.nodes[source.block].operation
    assert isinstance(operation, Placeholder)
    return operation.marks


def padded_places(item: Input, spec: GraphData) -> PaddedPlaces | None:
    """The padding among the places of each step, for a picture that is called; ``None``: all are data."""
    found = next(_owners(item, spec, places=True), None)
    return None if found is None else PaddedPlaces(marks_of(*found), is_padded_at_end(*found))


def is_padded_at_end(item: Input, spec: GraphData) -> bool:
    """Whether a batch with padding elsewhere than at the end must be refused."""
    source, graph = _owner(item, spec) or (item, spec)
    at_end = graph.nodes[source.block].padding is Padding.END
    return at_end and knows_padding(item, spec)
