r"""graph → the same with what its loops call written out: a loop is one step at a time, and a call is a whole row.

::

    Y   Y ... Y    Y = block      a causal block reads its own past only: each step of it is there in time,
    |   |     |                   as if its rows were drawn in the place of `Y`
    A   A ... A
    |\\  |\\    |\
    X y X y   X y
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from seqdsl.ir.called import body_of, entry, is_of_layers
from seqdsl.ir.expressions import Value
from seqdsl.ir.inline import inlined
from seqdsl.ir.loop_sources import lags_of
from seqdsl.ir.loops import find_circles, find_loops
from seqdsl.ir.operations import Call, Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from seqdsl.ir.graph import Graph
    from seqdsl.ir.nodes import GraphData, Node

    AnyGraph = TypeVar("AnyGraph", bound=GraphData)


def calls_in_loops(graph: Any, each: Callable[[Call], bool] = lambda _: False) -> frozenset[int]:
    """The nodes of the loops of a graph that call another one for a whole row.

    Args:
        graph: the graph.
        each: which calls of single steps are among them as well, if they call nothing but layers.
    """
    calls = {
        node.index
        for node in graph.nodes
        if isinstance(call := node.operation, Call)
        and (not call.each or (each(call) and is_of_layers(call)))
    }
    # Hardly any graph calls another one, and few of those have loops.
    return _looped(graph) & calls if calls else frozenset()


def _looped(graph: Any) -> frozenset[int]:
    return frozenset[int]().union(*find_circles(graph))


def with_loop_calls(
    graph: AnyGraph,
    prepare: Callable[[Any], GraphData] = lambda body: body,
    each: Callable[[Call], bool] = lambda _: False,
) -> tuple[AnyGraph, dict[int, int]]:
    """A graph whose loops call nothing for a whole row, and for each new node the node that calls it.

    Args:
        graph: the graph.
        prepare: what else is done with each called graph before its nodes are taken.
        each: which calls of single steps are written out as well, if they call nothing but layers.
    """
    wanted = calls_in_loops(graph, each)
    if not wanted:
        return graph, {}
    steps = frozenset(index for index in wanted if cast("Call", graph.nodes[index].operation).each)
    whole, origins = inlined(graph, prepare, wanted, steps)
    nodes = [_like_an_input(node, graph) if node.index in origins else node for node in whole.nodes]
    whole = replace(whole, nodes=tuple(nodes))
    return replace(whole, order=_before_loops(whole, origins)), origins


def lags_of_loops(graph: Graph) -> dict[tuple[int, ...], tuple[tuple[int, int, int], ...]]:
    """The nodes of each loop, in the order in which a step computes them, and what they read of its earlier steps.

    Each is a reader, what it reads, and how many steps before as it is drawn. Of what a loop calls, the call reads and
    is read; what is read within it is a matter of that graph.
    """
    whole, origins = with_loop_calls(graph)
    calls, found = calls_in_loops(graph), {}
    for loop in find_loops(whole):
        lags: list[tuple[int, int, int]] = []
        for member in loop.members:
            reader = origins.get(member.node, member.node)
            read = (
                lag for read in member.reads for item in read.pieces for lag in lags_of(item.read)
            )
            # M over m: the argument of a called graph may be what the call gave before. What else a node of it reads
            # of the same call is within it.
            is_within = reader in calls and not _is_argument(
                whole.nodes[member.node], graph.nodes[reader]
            )
            sources = ((origins.get(lag.member, lag.member), lag.drawn) for lag in read)
            lags += sorted((reader, *it) for it in sources if it[0] != reader or not is_within)
        nodes = tuple(dict.fromkeys(origins.get(item.node, item.node) for item in loop.members))
        found[nodes] = tuple(dict.fromkeys(lags))
    return found


def _is_argument(node: Node, call: Node) -> bool:
    """Whether a node of a called graph stands for its argument."""
    body = body_of(call)
    return body is not None and node.name == f"{call.name}_{entry(body)[1].name}"


def _like_an_input(node: Node, graph: GraphData) -> Node:
    """A code of steps, or trained numbers, of a called graph: as many as an input has, which no loop computes."""
    operation = node.operation
    if not isinstance(operation, Constant):
        return node
    inputs = [graph.nodes[item.block] for item in graph.inputs]
    like = [item for item in inputs if not operation.free or item.steps == node.steps]
    # Where there is none, the loop itself would say how long it is: that is reported of the loop.
    if not like:
        return node
    return replace(node, operation=replace(operation, like=Value(like[0].index)))


def _before_loops(graph: Any, origins: Container[int]) -> tuple[int, ...]:
    """The order, in which nodes of called graphs that are in no loop come before the loop that reads them."""
    # position(8) of a block is there before the first step, though the call is within the loop.
    looped = _looped(graph)
    apart = [index for index in graph.order if index in origins and index not in looped]

    def found() -> Iterator[int]:
        waiting = apart
        for index in graph.order:
            if index in looped and waiting:
                yield from waiting
                waiting = []
            if index not in apart:
                yield index

    return tuple(found()) if apart else graph.order
