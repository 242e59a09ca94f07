"""node → the state that it takes from the call before and gives to the next one, as a target's code has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Carry, Convolve, Scan
from seqdsl.targets.code import Text

if TYPE_CHECKING:
    from seqdsl.ir.graph import Graph, Node
    from seqdsl.targets.code import Code
    from seqdsl.targets.emit.emitter import Emitter


def carry_of(node: Node) -> Carry:
    """Whether a node takes state, gives it, or both."""
    operation = node.operation
    return operation.carry if isinstance(operation, Scan | Convolve) else Carry.NONE


def taken(node: Node, to: Emitter) -> tuple[Code, ...]:
    """The arguments of the model that hold the state of a node: of an LSTM ``h_state_h`` and ``h_state_c``."""
    return tuple(Text(item.name) for item in to.graph.taken if item.block == node.index)


def give(node: Node, values: tuple[Code, ...], to: Emitter) -> None:
    """Note what holds the state that a node gives, a value for each of its parts, (batch, ...)."""
    to.given.update({(node.index, part): value for part, value in enumerate(values)})


def given(graph: Graph, to: Emitter) -> tuple[Code, ...]:
    """What the model gives after its outputs."""
    return tuple(to.given[item.block, item.part] for item in graph.given)
