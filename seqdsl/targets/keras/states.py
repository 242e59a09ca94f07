"""the state that a recurrent layer returns → variables: as a whole where it is passed on so, else each part by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import PassedState, Scan, StateMode, Use
from seqdsl.layers import layer_def
from seqdsl.targets.code import Code, Index, Prefix, Text, listing
from seqdsl.targets.emit.carried import carry_of
from seqdsl.targets.keras.layers import options

if TYPE_CHECKING:
    from seqdsl.model.spec import Block
    from seqdsl.targets.keras.emitter import KerasEmitter

_WHOLE = frozenset({StateMode.DIRECT, StateMode.FORWARD})
"""How a state is passed on without a look at its parts."""


def receive(node: Block, to: KerasEmitter) -> list[Code]:
    """What receives the state of a node, behind its outputs.

    ::

        _, *encoder_state = layers.LSTM(...)(x)                                      initial_state=encoder_state
        _, forward_h, forward_c, backward_h, backward_c = layers.Bidirectional(...)(x)
    """
    if node.index in _unpacked(to):
        parts: list[Code] = [Text(name) for name in _names(node, to)]
        to.parts[node.index] = tuple(parts)
        to.states[node.index] = listing(*parts)
        return parts
    state = Text(to.names.claim(f"{node.name}_state"))
    to.parts[node.index] = tuple(Index(state, str(number)) for number in range(_count(node)))
    to.states[node.index] = state
    return [Prefix("*", state)]


def _count(node: Block) -> int:
    directions = 2 if node.direction is Direction.BIDIRECTIONAL else 1
    return directions * len(layer_def(node.kind).states)


def _names(node: Block, to: KerasEmitter) -> list[str]:
    """``forward_h``, ``forward_c``, ... as Keras's guides call them; ``_`` for what nobody reads."""
    is_bidirectional = node.direction is Direction.BIDIRECTIONAL
    of = f"{node.name}_" if len(_unpacked(to)) > 1 else ""
    # A layer that returns its state for another place that it is applied in.
    is_unread = node.steps is not None and node.uses == {Use.SEQUENCE}
    names = []
    for direction in ("forward", "backward") if is_bidirectional else ("state",):
        for number, part in enumerate(layer_def(node.kind).states):
            # Of a state that is not passed on, the final value is read: its hidden part.
            is_read = (number == 0 and not is_unread) or Use.STATE in node.uses
            names.append(to.names.claim(f"{of}{direction}_{part}") if is_read else "_")
    return names


def _unpacked(to: KerasEmitter) -> frozenset[int]:
    """The nodes of whose states parts are read by themselves; all nodes are looked up at once."""
    if to.unpacked is None:
        nodes = [to.graph.blocks[index] for index in to.graph.order]
        scans = [node for node in nodes if isinstance(node.operation, Scan)]
        joined = {
            node.initial.source
            for node in scans
            if isinstance(node.initial, PassedState) and node.initial.mode not in _WHOLE
        }
        to.unpacked = frozenset(
            node.index
            for node in scans
            if (node.index in joined or _is_read_in_part(node)) and options(node, to)["state"]
        )
    return to.unpacked


def _is_read_in_part(node: Block) -> bool:
    """Whether something reads a part of a state by itself: as a value, or as a result of the model."""
    is_passed_whole = Use.STATE in node.uses and Use.FINAL not in node.uses
    return carry_of(node).is_given or not is_passed_whole
