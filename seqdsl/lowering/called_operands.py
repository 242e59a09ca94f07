"""block that calls a picture → what the picture is applied to: one value, a row, or what enters each node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatPlaces, ConcatTime, Repeat
from seqdsl.lowering.bus_steps import steps_of
from seqdsl.lowering.called_reading import Reading, misread
from seqdsl.lowering.compose import ONE

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.context import LoweringContext


def read_by_call(context: LoweringContext, index: int, how: Reading) -> Expression | None:
    """What a picture is applied to that a block calls; ``None``, and an error, where that is nothing."""
    if how is Reading.WIRES:
        return _wires(context, index)
    return _sequence(context, index) if how is Reading.WHOLE else context.joined(index)


def _sequence(context: LoweringContext, index: int) -> Expression:
    """A row as a whole, or all that enters a single node."""
    operands = context.drawing.operands[index]
    if context.steps[index] is not None:
        return context.composer.view(operands[0], context.steps[index])
    # All that enters the node, a bus or wires, from left to right.
    parts = [
        steps_of(context.composer, item.bus)
        if item.bus is not None
        else Repeat(context.composer.view(item, None), ONE)
        for item in operands
    ]
    return parts[0] if len(parts) == 1 else ConcatTime(tuple(parts))


def _wires(context: LoweringContext, index: int) -> Expression | None:
    """What the wires of each node of a row lead to it, as the places of one step; an error where that is no grid.

    ::

          T   ...   T     [Z[0:+n:3], Z[1:+n:3], Z[2:+n:3]]: n steps of 3 places
        +-+-+     +-+-+
        Z Z Z ... Z Z Z
    """
    fault = _no_places(context, index)
    if fault is not None:
        misread(context, index, *fault)
        return None
    steps = context.steps[index]
    operands = context.drawing.operands[index]
    return ConcatPlaces(tuple(context.composer.view(item, steps) for item in operands))


def _no_places(context: LoweringContext, index: int) -> tuple[str, str] | None:
    """Why the wires of the nodes of a row are no places, and what to draw instead; ``None``: they are."""
    operands = context.drawing.operands[index]
    if any(item.bus is not None for item in operands):
        return (
            "takes a sequence, and a bus leads the same steps to all nodes of this row",
            "draw it as one node, and lead what it gives to all that read it",
        )
    if any(len(item.wired) < len(item.accesses) for item in operands):
        return (
            "takes a sequence, and some nodes of this row have fewer wires than others",
            "draw as many wires to each node, or begin and end the row where all nodes have theirs",
        )
    if not context.composer.masked.isdisjoint(context.below(index)):
        return (
            "takes a sequence, and each node of this row reads several steps of a masked row",
            _held(context, index),
        )
    return None


def _held(context: LoweringContext, index: int) -> str:
    """How each step holds several, which are padding by themselves."""
    called, count = context.drawing.called[index], len(context.drawing.operands[index])
    letters = {f"`{context.drawing.blocks[block].letter}`" for block in context.below(index)}
    entry = called.given.inputs[0]
    if len(letters) > 1 or entry.vocabulary is None:
        return "remove the mask: padding would be read between other steps"
    # The words of each sentence, with padding in each, and between sentences.
    held = f"tokens({entry.vocabulary.value(called.drawing.values)}, {count})"
    return f"let each step of {letters.pop()} hold them as places, `{held}`, and draw one wire for each node"
