"""member of a loop → what its steps read, operand by operand; what no member can do is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import holds_layers
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import CarriedState, Value, blocks_of
from seqdsl.ir.loop_faults import Fault, NoLoop
from seqdsl.ir.loop_sources import Look, Outer, Piece, Read, lags_of
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Call,
    Convolve,
    Identity,
    Merge,
    PassedState,
    Scan,
    ValueState,
    operands,
)
from seqdsl.layers import find_layer
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.ir.graph import Layer, Node
    from seqdsl.ir.loop_streams import Streams
    from seqdsl.ir.operations import Operation

_NONE, _ONE = Size.of(0), Size.of(1)


def member_reads(node: Node, streams: Streams) -> tuple[Read, ...]:
    """What the steps of a member read, as whole sequences have it.

    Raises:
        NoLoop: it is no member of a loop.
    """
    streams.reader = node.index
    _check_kind(node, streams)
    operation = node.operation
    if isinstance(operation, Convolve):
        return (_window(node, operation, streams),)
    if isinstance(operation, Attend):
        return _attention(node, operation, streams)
    if not isinstance(operation, Identity | Apply | Merge | Scan) and not _is_of_step(operation):
        read = (view for view in operands(operation) if blocks_of(view) & streams.members)
        # A row is called as a whole: of that a loop's body, which is one step, has nothing.
        fault = Fault.CALLED if isinstance(operation, Call) else Fault.WHOLE
        raise streams.fault(fault, next(read, Value(node.index)))
    return tuple(Read(streams.of(view)) for view in operands(operation))


def _is_of_step(operation: Operation) -> bool:
    """Whether a node calls a picture that takes one step: it is computed with each step of a loop."""
    return isinstance(operation, Call) and operation.each


def _attention(node: Node, operation: Attend, streams: Streams) -> tuple[Read, ...]:
    """The query of each step, and of a memory that the loop makes what is there so far."""
    query = Read(streams.of(operation.query))
    inside = [view for view in operands(operation)[1:] if blocks_of(view) & streams.members]
    if not inside:
        return (query,)
    # Keys of their own are compared as a whole: a loop would have to keep two rows side by side.
    if operation.keys is not None or not _layer_argument(node, "causal"):
        raise streams.fault(Fault.WHOLE, inside[0])
    # Step t attends to what is there up to t.
    return (query, Read(streams.of(operation.memory), Look.PAST))


def _has_statistics(layer: Layer) -> bool:
    definition = find_layer(layer.kind)
    return definition is not None and definition.has_statistics


def _layer_argument(node: Node, name: str) -> object:
    return None if node.layer is None else node.layer.arguments.get(name)


def _check_kind(node: Node, streams: Streams) -> None:
    """What a member is, whatever it reads."""
    definition = find_layer(node.kind)
    in_body = holds_layers(node.operation, _has_statistics)
    if in_body or (definition is not None and definition.has_statistics):
        raise NoLoop(Fault.STATISTICS, node.index, node.index)
    if node.steps is None:
        # One value of a whole loop can only be read when the loop has ended.
        raise NoLoop(Fault.WHOLE, node.index, node.index)
    scan = node.operation
    if not isinstance(scan, Scan):
        return
    if scan.direction is not Direction.FORWARD:
        raise NoLoop(Fault.BACKWARD, node.index, node.index)
    if begins := _begins_with(scan) & streams.members:
        raise NoLoop(Fault.STATE, node.index, min(begins))


def _begins_with(scan: Scan) -> frozenset[int]:
    """The nodes whose values or states a recurrence begins with."""
    if isinstance(scan.initial, PassedState):
        return frozenset({scan.initial.source})
    return blocks_of(scan.initial.value) if isinstance(scan.initial, ValueState) else frozenset()


def _window(node: Node, operation: Convolve, streams: Streams) -> Read:
    """A window: step t looks at its operand's step t, and at as many before it as its kernel reaches over."""
    layer = node.layer
    assert layer is not None
    if operation.kept is not None or layer.arguments.get("stride") != 1:
        raise streams.fault(Fault.STRIDE, operation.operand)
    reach = (layer.size("kernel") - 1) * layer.size("dilation")
    if reach.constant == 0 and operation.before.constant == 0:
        return Read(streams.of(operation.operand))
    # Kernel 3 over a b c with two zeros in front: step t looks at 0 0 a, 0 a b, a b c. What is before step 0 of the
    # last of the three, 0 0, is there before the loop.
    return _reaching_back(node, operation, layer.width, reach, streams)


def _reaching_back(
    node: Node, operation: Convolve, width: Size, reach: Size, streams: Streams
) -> Read:
    """A window of several steps, some of which are before step 0."""
    before, pieces = streams.windows(operation.operand, operation.before, reach, node.steps or _ONE)
    if operation.carry.is_taken:
        # The call before left what is before step 0: the last steps that it read.
        kept = CarriedState(node.index, steps=operation.before, features=width)
        return Read(pieces, Look.WINDOW, (Piece(_NONE, reach, Outer(kept, _NONE)),))
    if any(True for piece in before for _ in lags_of(piece.read)):
        raise streams.fault(Fault.LATER, operation.operand)
    return Read(pieces, Look.WINDOW, before)
