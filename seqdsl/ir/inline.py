"""graph → the same without calls: the nodes of what it calls stand among its own, for those who ask what reads what.

::

    %s = call @block(%x)      %s_a = ...(%x)     the nodes of the block, which read what the call read
                              %s = ...(%s_a)     the last of them has the number of the call, and its name

The layers of a called graph are those of the call, by their paths: ``block.dense``. So two calls of one layer share its
weights, and two layers of one graph have weights of their own.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from seqdsl.ir.called import bodies, body_of, bound, entry, marks_padding, placed, takes_places
from seqdsl.ir.changes import map_expressions, map_operation, map_sizes
from seqdsl.ir.expressions import FinalState, Value
from seqdsl.ir.nodes import GraphData, Layer, Masking, Node, passing_on
from seqdsl.ir.operations import Batch, Call, Centers, PassedState, Scan
from seqdsl.ir.spreads import shapes_of
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.operations import Operation

    AnyGraph = TypeVar("AnyGraph", bound=GraphData)


def inlined(
    graph: AnyGraph,
    prepare: Callable[[Any], GraphData] = lambda body: body,
    wanted: Container[int] | None = None,
    each: Container[int] = (),
) -> tuple[AnyGraph, dict[int, int]]:
    """A graph without calls, and for each node that comes from a called graph the node that calls it.

    The values of its own nodes keep their numbers; two nodes may have one name. What is applied to every step by itself
    stays a call: there is nothing in it that goes from one step to another.

    Args:
        graph: the graph.
        prepare: what else is done with each called graph before its nodes are taken.
        wanted: the calls that go; ``None``: all.
        each: the calls of one step that go as well: what they call is made of layers on single steps.
    """
    found = {node.index for node in graph.nodes if node.index in each or _goes(node, graph)}
    # Hardly any graph calls another one; a broken one may not even have the nodes of its order.
    if not found:
        return graph, {}
    calls = [
        index for index in graph.order if index in found and (wanted is None or index in wanted)
    ]
    shapes = shapes_of(graph)  # type: ignore[arg-type]
    nodes, before, origins = list(graph.nodes), dict[int, list[int]](), dict[int, int]()
    for index in calls:
        call = nodes[index]
        body, _ = inlined(prepare(body_of(call)), prepare)
        is_sequence = entry(body)[1].steps is not None
        steps = shapes.sequence(_operation(call).operand)[0] if is_sequence else None
        inner = _Unfolding(call, body, len(nodes), steps).nodes()
        nodes[index] = inner.pop()
        nodes += inner
        before[index] = [node.index for node in inner]
        origins |= dict.fromkeys(before[index], index)
    order = tuple(item for index in graph.order for item in (*before.get(index, ()), index))
    return replace(graph, nodes=tuple(nodes), order=order, layers=_layers(graph, nodes)), origins


def _goes(node: Node, graph: GraphData) -> bool:
    """Whether a node is a call whose nodes can stand in its place: what a step holds is no sequence of the caller's."""
    operation = node.operation
    if not isinstance(operation, Call) or operation.each:
        return False
    return not takes_places(operation, graph.grids) and not marks_padding(operation)


def _operation(node: Node) -> Call:
    assert isinstance(node.operation, Call)
    return node.operation


def _layers(graph: GraphData, nodes: list[Node]) -> tuple[Layer, ...]:
    """The layers that are left, and those of the called graphs."""
    applied = {node.layer.name: node.layer for node in nodes if node.layer is not None}
    called = bodies(graph)
    own = {
        item.name: item
        for item in graph.layers
        if item.name in applied or str(item.kind) not in called
    }
    return tuple((own | applied).values())


class _Unfolding:
    """The nodes of a called graph in the place of a call."""

    def __init__(self, call: Node, body: GraphData, first: int, steps: Size | None) -> None:
        """Number them.

        Args:
            call: the call.
            body: the graph, which calls nothing any more.
            first: the number of its first node.
            steps: how many steps it reads; ``None``: it reads a vector.
        """
        assert call.layer is not None
        self.call, self.body, self.layer = call, body, call.layer
        self.env = bound(body, call.layer, steps)
        self.source, self.result = entry(body)[1].index, body.outputs[0].block
        self.operand, self.each = _operation(call).operand, _operation(call).each
        order = [index for index in body.order if index not in (self.source, self.result)]
        # What is read as it is needs no name of its own: the nodes of the graph read it themselves.
        is_plain = isinstance(self.operand, Value)
        order = order if is_plain else [self.source, *order]
        self.places = {index: first + place for place, index in enumerate(order)}
        self.order = order
        if isinstance(self.operand, Value):
            self.places[self.source] = self.operand.block
        if self.result != self.source:
            self.places[self.result] = call.index

    def nodes(self) -> list[Node]:
        """The nodes in order; the last one is what the call gives."""
        found = [self._moved(self.body.nodes[index]) for index in self.order]
        if self.order[:1] == [self.source]:
            found[0] = passing_on(found[0], self.operand)
            if masks := _operation(self.call).masks:
                # block(x[1:], mask[1:]): what the body reads is masked as what is read of the caller.
                found[0] = replace(found[0], masking=Masking(masks))
        if self.result == self.source:
            return [*found, passing_on(self.call, self.operand)]
        last = self._moved(self.body.nodes[self.result])
        # What is called for each step knows of no padding: its caller does.
        masking = self.call.masking if self.each else last.masking
        return [*found, replace(last, name=self.call.name, masking=masking)]

    def _moved(self, node: Node) -> Node:
        """A node under another number, over the names of the graph that calls."""
        layer, steps = node.layer, None if node.steps is None else node.steps.subs(self.env)
        masks = tuple(item for mask in node.masking.masks for item in self._masks(mask))
        return replace(
            node,
            index=self.places[node.index],
            name=f"{self.call.name}_{node.name}",
            layer=None if layer is None else placed(layer, self.layer, self.body),
            steps=self.call.steps if self.each else steps,
            features=node.features.subs(self.env),
            grid=tuple(size.subs(self.env) for size in node.grid),
            operation=self._operation(node.operation),
            masking=replace(node.masking, masks=masks) if masks else node.masking,
            # Names that an author gives are those of one graph.
            given=node.given if layer is not None else "",
            body_name=node.body_name or node.name,
        )

    def _masks(self, mask: Expression) -> tuple[Expression, ...]:
        """What masks a node where, in its graph, a mask does."""
        # What the call reads may be of a loop, which is cut into parts: these would read each other by it.
        told = _operation(self.call).masks
        if told and self.order[:1] != [self.source] and mask == Value(self.source):
            return told
        return (self._read(mask),)

    def _operation(self, operation: Operation) -> Operation:
        changed: Operation = self._sized(map_operation(operation, self._read))
        if isinstance(changed, Scan) and isinstance(changed.initial, PassedState):
            initial = replace(changed.initial, source=self.places[changed.initial.source])
            return replace(changed, initial=initial)
        # A vector there is a step here.
        return replace(changed, each=True) if self.each and isinstance(changed, Call) else changed

    def _sized(self, part: Any) -> Any:
        """An operation, or a part of one, over the sizes of the graph that calls."""
        # conv(8, kernel=size, padding=causal): `size - 1` zeros are before what it reads.
        changed: dict[str, object] = {}
        for item in fields(part):
            value = getattr(part, item.name)
            if isinstance(value, Size):
                changed[item.name] = value.subs(self.env)
            elif isinstance(value, Centers | Batch):
                changed[item.name] = self._sized(value)
        return replace(part, **changed) if changed else part

    def _read(self, expression: Expression) -> Expression:
        return map_sizes(_renumbered(expression, self.places), lambda size: size.subs(self.env))


def _renumbered(expression: Expression, places: Mapping[int, int]) -> Expression:
    if isinstance(expression, Value | FinalState):
        return replace(expression, block=places[expression.block])
    return map_expressions(expression, lambda part: _renumbered(part, places))
