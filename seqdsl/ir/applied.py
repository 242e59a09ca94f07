"""node → problems: whether what a node reads fits its operation and its layer, and gives what the node says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import body_in
from seqdsl.ir.cells import cell_of, with_built_in
from seqdsl.ir.compare import Misfit
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    FinalState,
    Repeat,
    Value,
    Zeros,
    children,
)
from seqdsl.ir.layers import gives_ids, is_end, layer_weights, state_widths
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Call,
    Constant,
    Convolve,
    Identity,
    Merge,
    PassedState,
    Placeholder,
    Reduce,
    Scan,
    Split,
    StateMode,
)
from seqdsl.ir.padded import may_be_padded
from seqdsl.ir.problems import Problem, Rule
from seqdsl.ir.results import Place, result
from seqdsl.ir.types import Type, same_places
from seqdsl.layers import Family, find_layer
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Graph, Node
    from seqdsl.ir.shapes import Shapes

_FAMILIES: dict[type, tuple[Family, ...]] = {
    Placeholder: (Family.SOURCE,),
    Constant: (Family.CONSTANT,),
    Identity: (Family.OUTPUT, Family.IDENTITY),
    Apply: (Family.STEPWISE, Family.LOOKUP),
    Split: (Family.SPLIT,),
    Convolve: (Family.WINDOW,),
    Attend: (Family.ATTENTION,),
    Reduce: (Family.COMBINATION,),
    Merge: (Family.COMBINATION,),
    Call: (Family.CALL,),
}
"""The layers whose nodes compute by an operation; a recurrence runs any cell."""


def node_problems(node: Node, graph: Graph, shapes: Shapes) -> Iterator[Problem]:
    """What does not hold of a node by itself, its references being those of nodes."""
    where = f"%{node.name}"
    place = Place(node, graph, shapes)
    if message := _misapplied(place):
        yield Problem(Rule.LAYERS, where, message)
        return
    try:
        for size in node.shape:
            shapes.sizes.at_least(size, 1, "a size")
    except Misfit as error:
        yield Problem(Rule.SIZES, where, str(error))
        return
    checks = ((Rule.SHAPES, _check_shapes), (Rule.STATES, _check_state), (Rule.MASKS, _check_masks))
    for rule, check in checks:
        try:
            check(place)
        except Misfit as error:
            yield Problem(rule, where, str(error))


def _misapplied(place: Place) -> str:
    """What is wrong with the layer of a node, by its kind alone; empty if nothing is."""
    node, operation = place.node, place.node.operation
    # Inputs and outputs compute nothing; everything else has a layer, with weights or without.
    if node.layer is None:
        if not is_end(node.kind):
            return f"a node of the kind `{node.kind}` needs a layer"
    elif node.layer not in place.graph.layers:
        return f"@{node.layer.name} is not a layer of the graph"
    elif node.layer.kind != node.kind:
        return f"its kind is `{node.kind}`, that of its layer `{node.layer.kind}`"
    if isinstance(operation, Scan):
        return _misrun(operation, place)
    definition = find_layer(node.kind)
    if isinstance(operation, Identity) and node.layer is None and gives_ids(node.kind):
        return ""
    if definition is None or definition.family not in _FAMILIES[type(operation)]:
        return f"`{node.kind}` is not computed by {type(operation).__name__}"
    if isinstance(operation, Reduce | Merge) and operation.how is not definition.combination:
        return f"`{node.kind}` does not combine by {operation.how.value}"
    return ""


def _misrun(operation: Scan, place: Place) -> str:
    """What is wrong with the cell or the direction of a recurrence."""
    if place.node.layer is None:
        return "a recurrence needs a layer"
    cells = with_built_in(place.graph.cells)
    wanted = cell_of(place.node.kind, place.layer.arguments, cells)
    if wanted is None or operation.body.name != wanted.name:
        return f"its layer is `{place.node.kind}`, the cell it runs `{operation.body.name}`"
    if place.graph.cells[wanted.name] != operation.body:
        return f"there are two cells `{wanted.name}`"
    count = place.layer.arguments.get("layers") or 1
    if count != (len(operation.rows) or 1):
        return f"its layer has {count} rows, the recurrence {len(operation.rows) or 1}"
    is_both = operation.direction is Direction.BIDIRECTIONAL
    if place.layer.arguments.get("bidirectional") is not is_both:
        return f"its layer does not run {operation.direction.value}"
    return ""


def _check_shapes(place: Place) -> None:
    read, given = result(place.node.operation, place)
    _same(place, "its value", given)
    layer = place.node.layer
    if layer is None or not layer_weights(layer, with_built_in(place.graph.cells)):
        return
    # Layers without weights may be applied to any width.
    if read is not None:
        place.shapes.sizes.agree("features read, and those of its layer", read, layer.width)
    scan = place.node.scan
    units = layer.units * (1 if scan is None else scan.direction.count)
    place.shapes.sizes.agree("features, and those of its layer", place.node.features, units)


def _same(place: Place, what: str, other: Type) -> None:
    node, sizes = place.node, place.shapes.sizes
    if (node.steps is None) != (other.steps is None):
        kinds = ("sequence", "vector")[:: 1 if other.steps is not None else -1]
        raise Misfit(f"{what} is a {kinds[0]}, the node a {kinds[1]}")
    if node.steps is not None and other.steps is not None:
        sizes.agree(f"steps of {what} and of the node", other.steps, node.steps)
    same_places(other, Type(None, node.features, node.grid), sizes)
    sizes.agree(f"features of {what} and of the node", other.features, node.features)


def _check_state(place: Place) -> None:
    """An initial state fits the cell; see `StateMode` for what becomes of the states of two directions."""
    scan = place.node.scan
    if scan is None or scan.initial is None:
        return
    initial, is_both = scan.initial, scan.direction is Direction.BIDIRECTIONAL
    mode, widths = initial.mode, state_widths(place.layer)
    if isinstance(initial, PassedState):
        for given, needed in zip(_passed(initial, is_both, place), widths, strict=True):
            place.shapes.sizes.agree("units of the state, and of the cell", given, needed)
        return
    # A value is one state: for one direction, for the forward one of two, or cut into halves for both.
    if mode not in ((StateMode.FORWARD, StateMode.HALVES) if is_both else (StateMode.DIRECT,)):
        raise Misfit(f"a value does not begin a {scan.direction.value} recurrence {mode.value}")
    value = place.shapes.one(initial.value)
    # The state of an image is an image of the same height and width, that of features has none.
    same_places(value, Type(None, value.features, place.node.grid), place.shapes.sizes)
    given = value.features
    # [h c]: both states side by side; one value that is both fits only where they are equally wide.
    wanted = [sum(widths, Size.of(0))] if initial.is_apart else list(widths)
    for needed in wanted:
        # [f b]: a value for both directions holds two states.
        both = needed * 2 if mode is StateMode.HALVES else needed
        place.shapes.sizes.agree("units of the state, and of the cell", given, both)


def _passed(initial: PassedState, is_both: bool, place: Place) -> tuple[Size, ...]:
    """The widths of a state that is passed on, those of both directions if they are joined."""
    source = place.graph.nodes[initial.source]
    same = Type(None, source.features, place.node.grid)
    same_places(Type(None, source.features, source.grid), same, place.shapes.sizes)
    assert source.scan is not None and source.layer is not None
    if source.kind != place.node.kind:
        raise Misfit(f"the state of a `{source.kind}` is passed to a `{place.node.kind}`")
    ends = source.scan.direction is Direction.BIDIRECTIONAL, is_both
    # From which directions to which: one or both, as `StateMode` draws it.
    fitting = {
        StateMode.DIRECT: ((False, False), (True, True)),
        StateMode.JOINED: ((True, False),),
        StateMode.FORWARD: ((False, True),),
    }
    if ends not in fitting.get(initial.mode, ()):
        raise Misfit(
            f"a {source.scan.direction.value} state is not passed here {initial.mode.value}"
        )
    times = 2 if initial.mode is StateMode.JOINED else 1
    return tuple(width * times for width in state_widths(source.layer))


def _check_masks(place: Place) -> None:
    node = place.node
    # `input(3, mask=0)` or `embedding(8, mask=true)` distinguish padding from data; nothing else does.
    can_begin = _distinguishes_padding(node) and node.steps is not None and not node.masks
    if node.masking.begins and not can_begin:
        raise Misfit("it does not tell padding from data")
    _check_told(node)
    if node.masking.at_end and not node.masking:
        raise Misfit("a node without padding has none at its end")
    for mask in node.masks:
        _check_mask(mask, node.steps, place)
    if isinstance(node.operation, Call):
        _check_given(node.operation, place)
    if isinstance(node.operation, Attend | Reduce):
        _check_memory(node.operation, place)


def _check_memory(operation: Attend | Reduce, place: Place) -> None:
    """Masks of what is attended to, or combined over time, have its steps."""
    memory = operation.memory if isinstance(operation, Attend) else operation.operand
    for mask in operation.memory_masks:
        _check_mask(mask, place.shapes.sequence(memory)[0], place)


def _check_given(call: Call, place: Place) -> None:
    """A called graph that takes a mask is given one, of the steps that it reads."""
    if bool(call.masks) != bool(body_in(call).masks):
        raise Misfit("a model with a mask is called without one, or one without a mask with one")
    for mask in call.masks:
        _check_mask(mask, place.shapes.sequence(call.operand)[0], place)


def _check_told(node: Node) -> None:
    # x x . .     lengths count from the first step
    if not isinstance(node.operation, Placeholder):
        return
    if node.operation.lengths and not (node.masking.begins and node.masking.at_end):
        raise Misfit("its lengths do not tell padding, at its end, from data")
    if node.operation.mask and not node.masking.begins:
        raise Misfit("its mask does not tell padding from data")


def _distinguishes_padding(node: Node) -> bool:
    definition = find_layer(node.kind)
    if definition is None or not definition.begins_mask:
        return False
    # An input is a node without a layer, so that no argument says it.
    return node.layer is None or definition.masks(node.layer.arguments)


class _Masked:
    """The nodes of a graph that have padding, by their numbers."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes

    def __contains__(self, index: object) -> bool:
        return isinstance(index, int) and bool(self._nodes[index].masking)


def _check_masked(mask: Expression, place: Place) -> None:
    """Inside a mask a value means its mask, so it has to have one; of several sequences some may have none."""
    parts = _meant(mask)
    if isinstance(mask, ConcatTime | ConcatFeatures | Elementwise):
        masked = _Masked(place.graph.nodes)
        parts = tuple(part for part in parts if may_be_padded(part, masked)) or parts
    for part in parts:
        _check_masked(part, place)
    if isinstance(mask, Value) and not place.graph.nodes[mask.block].masking:
        raise Misfit(f"%{place.graph.nodes[mask.block].name} is not masked")
    if isinstance(mask, FinalState | CarriedState):
        raise Misfit("a final state is not masked")


def _meant(mask: Expression) -> tuple[Expression, ...]:
    """What a mask is made of that stands for steps: not what only tells how many there are, as ``like=``."""
    # dynamic_slice(%h, before=%x, like=%y): as many steps of %h as %y has, from where %x ends.
    if isinstance(mask, DynamicSlice | Repeat):
        return (mask.of,)
    return () if isinstance(mask, Zeros) else children(mask)


def _check_mask(mask: Expression, steps: Size | None, place: Place) -> None:
    _check_masked(mask, place)
    count, _ = place.shapes.sequence(mask)
    if steps is None:
        raise Misfit("a vector is not masked")
    place.shapes.sizes.agree("steps of a mask, and of what it masks", count, steps)
