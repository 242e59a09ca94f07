"""called graphs → what they come to where they are called: sizes, types, and the layers that they hold.

::

    model sentence        units, n          its own parameters and its free length
    %s = call @sentence(%x)                 units = 32 by the call, n as long as what is read
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from seqdsl.ir.compare import Misfit
from seqdsl.ir.expressions import ConcatFeatures, Value, places_of
from seqdsl.ir.nodes import GraphData
from seqdsl.ir.operations import Apply, Call, Identity, Merge, Placeholder, operands
from seqdsl.layers import Kind, find_layer
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seqdsl.ir.ends import Input
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.nodes import Layer, Node
    from seqdsl.ir.operations import Operation

PATH = "."
"""What stands between the names of a called layer and of a layer in it: ``sentence.gru``."""


def body_of(node: Node) -> GraphData | None:
    """The graph that a node calls; ``None`` if it calls none."""
    return body_in(node.operation) if isinstance(node.operation, Call) else None


def body_in(call: Call) -> GraphData:
    """The graph that a call holds."""
    assert isinstance(call.body, GraphData)
    return call.body


def bodies(graph: GraphData) -> dict[str, GraphData]:
    """The graphs that a graph calls itself, by the kind of their layers."""
    found = ((str(node.kind), body_of(node)) for node in graph.nodes)
    return {kind: body for kind, body in found if body is not None}


def models_of(graph: GraphData) -> list[GraphData]:
    """The graphs that a graph calls itself; one that it calls with a mask and without is there in both forms."""
    found = (body_of(node) for node in graph.nodes)
    return list(
        {(body.name, bool(body.masks)): body for body in found if body is not None}.values()
    )


def gives_mask(body: GraphData) -> bool:
    """Whether what a called graph gives has the mask that it was given: step by step, the same padding."""
    source = entry(body)[1].index
    # Masks are followed down to where they begin: each by itself, or it would be walked as often as it is read.
    waiting, followed = [body.outputs[0].block], {source}
    while waiting:
        index = waiting.pop()
        if index in followed:
            continue
        followed.add(index)
        masks = body.nodes[index].masks
        read = [view.block for view in masks if isinstance(view, Value)]
        if not masks or len(read) < len(masks):
            return False
        waiting += read
    return bool(body.masks)


def entry(body: GraphData) -> tuple[Input, Node]:
    """The one argument of a graph that is called, and its node.

    Raises:
        Misfit: it has none, or several, or passes state on.
    """
    if len(body.inputs) != 1 or len(body.outputs) != 1 or body.states:
        raise Misfit(f"`{body.name}` is called, and has not one input and one output alone")
    return body.inputs[0], body.nodes[body.inputs[0].block]


def takes_places(call: Call, grids: Mapping[int, tuple[Size, ...]]) -> bool:
    """Whether the places of a grid are the steps of what is called: the words of a sentence that one step holds.

    Args:
        call: the call.
        grids: the grid that each step of a node holds, for those that hold more than features.
    """
    # sentence: [n, 1] on [steps, 12, 1]; frame: [28, 28, 1] on [steps, 28, 28, 1]
    _, source = entry(body_in(call))
    return source.steps is not None and len(places_of(call.operand, grids)) > len(source.grid)


def marks_padding(call: Call) -> bool:
    """Whether what is called finds padding in what it reads: in the caller no node could begin that mask."""
    # X X X   input(3, mask=0), called for Z Z Z   input(3)
    return entry(body_in(call))[1].masking.begins and not call.masks


def calls_by_step(call: Call, grids: Mapping[int, tuple[Size, ...]]) -> bool:
    """Whether each step of what a call gives is computed of one step of what it reads, and of nothing else.

    Args:
        call: the call.
        grids: the grid that each step of a node holds, for those that hold more than features.
    """
    body = body_in(call)
    if call.each or entry(body)[1].steps is None or takes_places(call, grids):
        return True
    return all(_reads_own_step(body.nodes[index], body) for index in body.order)


def is_of_layers(call: Call) -> bool:
    """Whether what a call applies to each step is made of layers on a vector, sums and the like: of nothing else."""
    body = body_in(call)
    nodes = [body.nodes[index] for index in body.order]
    return all(
        node.steps is None and not node.grid and _reads_own_step(node, body) for node in nodes
    )


def _reads_own_step(node: Node, body: GraphData) -> bool:
    """Whether a node of a called graph computes each step by itself: a layer, a sum, but no window and no state."""
    operation = node.operation
    if isinstance(operation, Call) and not calls_by_step(operation, body.grids):
        return False
    if not isinstance(operation, Placeholder | Identity | Apply | Merge | Call):
        return False
    # `Y` over the last `X`, or over the `X` before: a step is another one there.
    return all(map(_is_as_it_is, operands(operation)))


def _is_as_it_is(view: Expression) -> bool:
    parts = view.parts if isinstance(view, ConcatFeatures) else (view,)
    return all(isinstance(part, Value) for part in parts)


def bound(body: GraphData, layer: Layer, steps: Size | None) -> dict[str, Size]:
    """What the names of a called graph stand for, in the sizes of the one that calls it.

    Args:
        body: the graph that is called.
        layer: the layer that is it: its arguments are the values of parameters.
        steps: how many steps the graph reads; ``None``: it reads a vector, or its lengths do not matter.

    Raises:
        Misfit: so many steps are none that it takes.
    """
    values = {
        item.name: _given(layer.arguments.get(item.name), item.default) for item in body.parameters
    }
    env = {name: size for name, size in values.items() if size is not None}
    if steps is None:
        return env
    _, node = entry(body)
    if node.steps is None:
        raise Misfit(f"`{body.name}` takes a vector, and is called with a sequence")
    # Over its own free length n, the argument has `n + 2` steps, say, of which `n` is to be told.
    own = node.steps.subs(env)
    free = sorted(own.names & set(body.free))
    if not free:
        return env
    return {**env, free[0]: solved(own, free[0], steps)}


def solved(size: Size, name: str, value: Size) -> Size:
    """What a name has to be for a size to have a value: of ``n + 2`` that is 12, 10.

    Raises:
        Misfit: it is no multiple of the name, and a number.
    """
    rest = size.subs({name: 0})
    factor = (size - rest).subs({name: 1}).constant
    if factor is None or size - rest != Size.of(name) * factor or not factor:
        raise Misfit(f"`{size}` steps do not tell `{name}`")
    return (value - rest) * Fraction(1, factor)


def _given(value: object, default: float) -> Size | None:
    """A parameter as a size: what the call says, or its default; ``None`` if it is no size."""
    if isinstance(value, Size):
        return value
    # A rate is in no shape.
    return Size.of(default) if value is None and isinstance(default, int) else None


def held_layers(graph: GraphData) -> Iterator[Layer]:
    """All layers of a graph, those of the graphs that it calls by their paths: ``sentence.gru``."""
    for _, parts in with_parts(graph):
        yield from parts


def with_parts(graph: GraphData) -> Iterator[tuple[Layer, list[Layer]]]:
    """Every layer of a graph with the layers that it is made of: itself, or those of the graph that it is."""
    called = bodies(graph)
    for layer in graph.layers:
        body = called.get(str(layer.kind)) if called else None
        inner = () if body is None else held_layers(body)
        yield layer, [layer] if body is None else [placed(item, layer, body) for item in inner]


def within(graph: GraphData, layer: Layer) -> list[Layer]:
    """The layers that one layer of a graph is made of; of all of them, `with_parts` knows it sooner."""
    return next((parts for item, parts in with_parts(graph) if item.name == layer.name), [])


def placed(inner: Layer, layer: Layer, body: GraphData) -> Layer:
    """A layer of a called graph as one of the graph that calls it."""
    env = bound(body, layer, None)
    return replace(
        inner,
        name=f"{layer.name}{PATH}{inner.name}",
        width=inner.width.subs(env),
        units=inner.units.subs(env),
        arguments={
            name: _argument(inner, name, value, layer, body, env)
            for name, value in inner.arguments.items()
        },
    )


def _argument(
    inner: Layer,
    name: str,
    value: object,
    layer: Layer,
    body: GraphData,
    env: Mapping[str, Size],
) -> object:
    """The argument of a layer within, over the names of the graph that calls."""
    if isinstance(value, Size):
        return value.subs(env)
    definition = find_layer(inner.kind)
    known = None if definition is None else definition.signature.find(name)
    if not isinstance(value, str) or known is None:
        return value
    if known.kind is Kind.TIED:
        return f"{layer.name}{PATH}{value}"
    defaults = {item.name: float(item.default) for item in body.parameters}
    if known.kind in _NUMBERS and value in defaults:
        # dropout(rate) in `sentence(rate=0.2)` is dropout(0.2)
        given = layer.arguments.get(value)
        return defaults[value] if given is None else given
    return value


_NUMBERS = (Kind.RATE, Kind.EPSILON, Kind.NUMBER, Kind.TEMPERATURE)


def holds_layers(operation: Operation, holds: Callable[[Layer], bool]) -> bool:
    """Whether a called graph has a layer that is as asked."""
    return isinstance(operation, Call) and any(map(holds, held_layers(body_in(operation))))
