"""recurrent row → words: its cell, the way that it runs, and the state with which it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.expressions import describe
from seqdsl.explain.words import label, steps, units
from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import StateMode, ValueState
from seqdsl.layers import layer_def

if TYPE_CHECKING:
    from seqdsl.ir.operations import InitialState, Scan
    from seqdsl.model.spec import Block, ModelSpec

_WAYS = {
    Direction.FORWARD: "from left to right",
    Direction.BACKWARD: "from right to left",
    Direction.BIDIRECTIONAL: "in both directions",
}


def recurrent(block: Block, scan: Scan, reads: str, spec: ModelSpec) -> str:
    """What a recurrent row is: "is a GRU of 8 units that runs over 3 steps from left to right; its input is ..."."""
    way = _WAYS[scan.direction]
    run = f"over {steps(spec, block.steps)} {way}" if block.steps is not None else "over one step"
    cell = f"{layer_def(block.kind).words.noun or f'`{block.kind}`'} of {units(block, spec)}"
    return f"is {cell} that runs {run}; its input is {reads}{_initial(scan.initial, spec)}"


def _initial(initial: InitialState | None, spec: ModelSpec) -> str:
    if initial is None:
        return ""
    if isinstance(initial, ValueState):
        how = ", which has its states side by side" if initial.is_apart else ""
        return f"; its initial state is {describe(initial.value, spec)}{how}"
    source = label(spec, spec.blocks[initial.source])
    how = {
        StateMode.JOINED: " (both directions, concatenated)",
        StateMode.FORWARD: " (forward direction only; the backward direction starts from zero)",
    }.get(initial.mode, "")
    return f"; its initial state is the final state of {source}{how}"
