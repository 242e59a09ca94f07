"""node → the state that it takes from the call before and gives to the next one, as a target's code has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.carried import carry_of
from seqdsl.ir.carry import Carry
from seqdsl.ir.ends import Holds
from seqdsl.ir.expressions import CarriedState, ConcatTime, Slice, Step, Value
from seqdsl.ir.operations import Constant
from seqdsl.layers import layer_def
from seqdsl.targets.code import Return, Text, call, flat, tuple_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Graph, Node, State
    from seqdsl.targets.code import Code, Statement
    from seqdsl.targets.emit.emitter import Emitter


__all__ = [
    "carry_of",
    "counts_on",
    "default_states",
    "give",
    "given",
    "has_rows",
    "looks_up_sines",
    "taken",
    "zero_states",
]


def counts_on(node: Node) -> bool:
    """Whether a code of each step's number goes on from the call before."""
    return isinstance(node.operation, Constant) and carry_of(node) is not Carry.NONE


def has_rows(node: Node) -> bool:
    """Whether the vectors of a constant are the rows of a table, and not computed."""
    assert node.layer is not None
    return node.layer.arguments.get(layer_def(node.kind).rows) is not None


def looks_up_sines(graph: Graph) -> bool:
    """Whether sines and cosines are computed of numbers that differ from sample to sample."""
    return any(counts_on(node) and not has_rows(node) for node in graph.nodes)


def taken(node: Node, to: Emitter) -> tuple[Code, ...]:
    """The arguments of the model that hold the state of a node: of an LSTM ``h_state_h`` and ``h_state_c``."""
    return tuple(Text(item.name) for item in to.graph.taken if item.block == node.index)


def give(node: Node, values: tuple[Code, ...], to: Emitter) -> None:
    """Note what holds the state that a node gives, a value for each of its parts, (batch, ...)."""
    to.given.update({(node.index, part): value for part, value in enumerate(values)})


def given(
    graph: Graph,
    to: Any,
    emit: Callable[[Expression, Any], Code],
    ids: Callable[[Expression, Any], Code],
) -> tuple[Code, ...]:
    """What the model gives after its outputs.

    Args:
        graph: the model.
        to: where it is written.
        emit: how an expression is written.
        ids: how one of ids is, without an axis of features.
    """
    found = []
    for item in graph.given:
        if item.holds is Holds.STATE:
            found.append(to.given[item.block, item.part])
        else:
            see = ids if item.holds is Holds.IDS else emit
            found.append(see(_last_values(item, graph.nodes[item.block]), to))
    return tuple(found)


def _last_values(item: State, node: Node) -> Expression:
    """The last value of a node, or its last ``k``: of a call that is shorter, some are of the calls before it."""
    steps, whole = node.steps, Value(node.index)
    if steps is None:
        # Each call is one step.
        return whole
    if item.steps is None:
        return Step(whole, steps - 1, steps)
    # k = 3, calls of two steps:   a b c | d e     c d e goes to the next one
    kept = CarriedState(node.index, is_value=True, steps=item.steps)
    return Slice(ConcatTime((kept, whole)), steps, item.steps, 1, steps + item.steps)


def default_states(size: Callable[[Code], Code], to: Emitter) -> Iterator[State]:
    """Let each state that is not given to a call be zero; yield each as soon as that is written.

    ``h_state = zeros[0] if h_state is None else h_state``

    Args:
        size: how the number of samples of an argument is written.
        to: where it is written.
    """
    if not to.graph.taken:
        return
    batch = size(Text(to.graph.inputs[0].name))
    zeros = to.name("zeros", call("self.zero_states", batch))
    for place, item in enumerate(to.graph.taken):
        name = item.name
        to.assign(Text(name), Text(f"{flat(zeros)}[{place}] if {name} is None else {name}"))
        yield item


def zero_states(graph: Graph, zero: Callable[[State], Code]) -> list[Statement]:
    """The statement of ``zero_states`` that gives them as a tuple; none if the model takes none."""
    zeros = tuple(map(zero, graph.taken))
    if not zeros:
        return []
    # Of several, a return makes a tuple by itself.
    return [Return(zeros if len(zeros) > 1 else (tuple_of(*zeros),))]
