"""graph → problems: whether the states that pass from call to call are those of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.compare import Misfit
from seqdsl.ir.ends import Holds
from seqdsl.ir.expressions import CarriedState, walk
from seqdsl.ir.layers import gives_ids, state_widths
from seqdsl.ir.operations import Constant, Convolve, Scan, read_by
from seqdsl.ir.problems import Problem, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.compare import Sizes
    from seqdsl.ir.graph import Graph, Node, Shape, State
    from seqdsl.size import Size


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
    # Of a convolutional LSTM a state is an image: height, width, filters.
    return tuple((*node.grid, width) for width in state_widths(node.layer))


def values_given(graph: Graph) -> set[int]:
    """The nodes whose last values are results of the model beside its outputs."""
    return {item.block for item in graph.given if item.holds is not Holds.STATE}


def value_shape(node: Node, steps: Size | None) -> Shape:
    """The shape of a node's last value, or of its last ``steps``, without the batch; an id has no axis of its own."""
    one = node.grid if gives_ids(node.kind) else (*node.grid, node.features)
    return one if steps is None else (steps, *one)


def carried_problems(graph: Graph, sizes: Sizes) -> Iterator[Problem]:
    """States that no node has, that a node has twice, or not at all; and reads of states that no call takes."""
    yield from _unknown_reads(graph)
    named = {(item.block, item.part): item for item in graph.states}
    if len(named) < len(graph.states):
        yield Problem(Rule.ENDS, graph.name, "two states are the same one of a node")
    wanted = {
        (node.index, part): shape
        for node in graph.nodes
        for part, shape in enumerate(carried_shapes(node))
    }
    # The value of the last step comes behind the states of the layer, of which most have none.
    values = {
        (item.block, len(carried_shapes(graph.nodes[item.block]))): value_shape(
            graph.nodes[item.block], item.steps
        )
        for item in graph.states
        if item.holds is not Holds.STATE
    }
    wanted |= values
    if named.keys() != wanted.keys():
        yield Problem(Rule.ENDS, graph.name, "its states are not those that its nodes carry")
        return
    for place, item in named.items():
        yield from _problems(item, graph.nodes[item.block], wanted[place], sizes)


def state_of(expression: CarriedState, graph: Graph) -> State | None:
    """The argument of a model that an expression reads, if there is one."""
    for item in graph.taken:
        is_value = item.holds is not Holds.STATE
        if item.block == expression.block and is_value == expression.is_value:
            # Of an LSTM `h`, the first of both.
            return item
    return None


def _unknown_reads(graph: Graph) -> Iterator[Problem]:
    """What is read of the call before, though it is no argument, or another number of steps of it."""
    for node in graph.nodes:
        for item in (inner for view in read_by(node.operation) for inner in walk(view)):
            if not isinstance(item, CarriedState):
                continue
            state = state_of(item, graph)
            if state is None or state.steps != item.steps:
                yield Problem(Rule.ENDS, node.name, "it reads a state that the model does not take")


def _problems(item: State, node: Node, shape: Shape, sizes: Sizes) -> Iterator[Problem]:
    carry = carry_of(node)
    holds = Holds.IDS if gives_ids(node.kind) else Holds.VALUE
    if item.holds not in (Holds.STATE, holds):
        yield Problem(Rule.ENDS, item.name, f"the value of its node is: {holds.value}")
    if item.holds is Holds.STATE and (item.is_taken, item.is_given) != (
        carry.is_taken,
        carry.is_given,
    ):
        yield Problem(Rule.ENDS, item.name, f"its node says that it is {carry.value}")
    try:
        same = len(item.shape) == len(shape) and all(map(sizes.same, item.shape, shape))
    except Misfit:
        same = False
    if not same:
        text = ", ".join(map(str, shape))
        yield Problem(Rule.ENDS, item.name, f"its node has a state of the shape [{text}]")
