"""nodes → uses: what is read of each node's value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import FinalState, Value, walk
from seqdsl.ir.operations import PassedState, Scan, Use, ValueState, operands

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Operation


def find_uses(nodes: Sequence[Node]) -> dict[int, frozenset[Use]]:
    """What is read of each node for its numbers, not for its length or its mask alone."""
    by_node: dict[int, set[Use]] = {node.index: set() for node in nodes}
    for node in nodes:
        for source, use in _reads(node):
            by_node[source].add(use)
    # What nothing reads is an output; to give its state to the next call is to read nothing of it.
    return {
        node.index: frozenset(by_node[node.index] or {Use.SEQUENCE}) | carried(node.operation)
        for node in nodes
    }


def carried(operation: Operation) -> frozenset[Use]:
    """What of a node's value the model gives beside its outputs."""
    is_given = isinstance(operation, Scan) and operation.carry.is_given
    return frozenset({Use.STATE} if is_given else ())


def _reads(node: Node) -> Iterator[tuple[int, Use]]:
    """The nodes that a node reads, and what it reads of each."""
    if isinstance(node.initial, PassedState):
        yield node.initial.source, Use.STATE
    for item in (inner for view in _computed_from(node) for inner in walk(view)):
        if isinstance(item, Value):
            yield item.block, Use.SEQUENCE
        elif isinstance(item, FinalState):
            yield item.block, Use.FINAL


def _computed_from(node: Node) -> Iterator[Expression]:
    yield from operands(node.operation)
    if isinstance(node.initial, ValueState):
        yield node.initial.value
