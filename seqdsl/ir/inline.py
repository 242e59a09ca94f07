"""graph → the same without calls: the nodes of what it calls stand among its own, for those who ask what reads what.

::

    %s = call @block(%x)      %block_a = ...(%x)     the nodes of the block, which read what the call read
                              %block_b = ...(%block_a)
                              %s = identity(%block_b)
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from seqdsl.ir.called import body_of, bound, entry, takes_places
from seqdsl.ir.changes import map_operation
from seqdsl.ir.expressions import FinalState, Value, map_expressions, map_sizes
from seqdsl.ir.graph import Graph
from seqdsl.ir.nodes import Node, passing_on
from seqdsl.ir.operations import Call, PassedState, Scan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.expressions import Expression
    from seqdsl.size import Size


def inlined(graph: Graph) -> tuple[Graph, dict[int, int]]:
    """A graph without calls, and for each node that comes from a called graph the node that calls it.

    The values of its own nodes keep their numbers. It is for analysis alone: names may stand twice.
    """
    if not any(isinstance(node.operation, Call) for node in graph.nodes):
        return graph, {}
    nodes, order, origins = list(graph.nodes), list[int](), dict[int, int]()
    for index in graph.order:
        body = body_of(graph.nodes[index])
        if isinstance(body, Graph):
            first = len(nodes)
            inner, nodes[index] = _unfolded(graph, graph.nodes[index], inlined(body)[0], first)
            nodes += inner
            order += [node.index for node in inner]
            origins |= {node.index: index for node in inner}
        order.append(index)
    shared = {item.name: getattr(graph, item.name) for item in fields(Graph)}
    return Graph(**{**shared, "nodes": tuple(nodes), "order": tuple(order)}), origins


def _unfolded(graph: Graph, node: Node, body: Graph, first: int) -> tuple[list[Node], Node]:
    """The nodes of a called graph, numbered from ``first`` on, and what has their result in the call's place."""
    operation, layer = node.operation, node.layer
    assert isinstance(operation, Call)
    assert layer is not None
    # Every step by itself is what any layer on each step is, and what a step holds is no sequence of the caller's.
    if operation.each or takes_places(operation, graph.grids):
        return [], passing_on(node, operation.operand)
    source, _ = entry(body)
    operand = operation.operand
    steps = graph.nodes[operand.block].steps if isinstance(operand, Value) else None
    # What is cut or joined first has as many steps as the call's own length says, which such graphs keep.
    env = bound(body, layer, steps or node.steps)
    places = {index: first + place for place, index in enumerate(body.order)}
    inner = [_moved(body.nodes[index], places, env) for index in body.order]
    # The argument itself is what the call reads.
    inner[body.order.index(source.block)] = passing_on(
        inner[body.order.index(source.block)], operand
    )
    return inner, passing_on(node, Value(places[body.outputs[0].block]))


def _moved(node: Node, places: Mapping[int, int], env: Mapping[str, Size]) -> Node:
    """A node under another number, over the names of the graph that calls."""

    def change(expression: Expression) -> Expression:
        if isinstance(expression, Value | FinalState):
            return replace(expression, block=places[expression.block])
        return map_expressions(expression, change)

    def moved(expression: Expression) -> Expression:
        return map_sizes(change(expression), lambda size: size.subs(env))

    operation = map_operation(node.operation, moved)
    if isinstance(operation, Scan) and isinstance(operation.initial, PassedState):
        initial = replace(operation.initial, source=places[operation.initial.source])
        operation = replace(operation, initial=initial)
    found = {item.name: getattr(node, item.name) for item in fields(Node)}
    return Node(
        **found
        | {
            "index": places[node.index],
            "steps": None if node.steps is None else node.steps.subs(env),
            "features": node.features.subs(env),
            "grid": tuple(side.subs(env) for side in node.grid),
            "operation": operation,
            "masking": replace(node.masking, masks=tuple(map(moved, node.masking.masks))),
        }
    )
