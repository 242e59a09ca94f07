"""graph → problems: whether the states that pass from call to call are those of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.compare import Misfit
from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import Carry, Constant, Convolve, Scan
from seqdsl.ir.problems import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.compare import Sizes
    from seqdsl.ir.graph import Graph, Node, Shape, State


def carry_of(node: Node) -> Carry:
    """Whether a node takes state, gives it, or both."""
    operation = node.operation
    return operation.carry if isinstance(operation, Scan | Convolve | Constant) else Carry.NONE


def carried_shapes(node: Node) -> tuple[Shape, ...]:
    """The shapes of the states of a node that passes any from call to call, without the batch.

    A recurrence has a vector for each state of its cell; a convolution the steps that the next call needs; a code of
    each step's number the number of the next one.
    """
    operation = node.operation
    if node.layer is None or carry_of(node) is Carry.NONE:
        return ()
    if isinstance(operation, Constant):
        # P P P, then P P P: 0 1 2, then 3 4 5. A number has no axis of its own, as token ids have none.
        return ((),)
    if isinstance(operation, Convolve):
        # kernel 3, dilation 2:  x[t - 4]  x[t - 2]  x[t]     what is before a piece is its last four steps
        return ((operation.before, node.layer.width),)
    assert isinstance(operation, Scan)
    return tuple((width,) for width in state_widths(node.layer))


def carried_problems(graph: Graph, sizes: Sizes) -> Iterator[Problem]:
    """States that no node has, that a node has twice, or not at all."""
    named = {(item.block, item.part): item for item in graph.states}
    if len(named) < len(graph.states):
        yield Problem(Rule.ENDS, graph.name, "two states are the same one of a node")
    wanted = {
        (node.index, part): shape
        for node in graph.nodes
        for part, shape in enumerate(carried_shapes(node))
    }
    if named.keys() != wanted.keys():
        yield Problem(Rule.ENDS, graph.name, "its states are not those that its nodes carry")
        return
    for place, item in named.items():
        yield from _problems(item, graph.nodes[item.block], wanted[place], sizes)


def _problems(item: State, node: Node, shape: Shape, sizes: Sizes) -> Iterator[Problem]:
    carry = carry_of(node)
    if (item.is_taken, item.is_given) != (carry.is_taken, carry.is_given):
        yield Problem(Rule.ENDS, item.name, f"its node says that it is {carry.value}")
    try:
        same = len(item.shape) == len(shape) and all(map(sizes.same, item.shape, shape))
    except Misfit:
        same = False
    if not same:
        text = ", ".join(map(str, shape))
        yield Problem(Rule.ENDS, item.name, f"its node has a state of the shape [{text}]")
