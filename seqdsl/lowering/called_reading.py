"""block that calls a picture, what it reads → how: one value at a time, a whole row, or the places of each step."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.ir.called import bound
from seqdsl.ir.compare import Misfit
from seqdsl.ir.graph import Layer
from seqdsl.lowering.compose import ONE
from seqdsl.lowering.grids import takes_steps_together

if TYPE_CHECKING:
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.drawing import CalledPicture
    from seqdsl.model.spec import Block
    from seqdsl.size import Size


class Reading(Enum):
    """What a called picture takes of what its nodes read."""

    ONE = "one value: each node's own"
    WHOLE = "a sequence: the row, or what enters a node"
    PLACES = "a sequence: the places of the grid that each node reads"
    WIRES = "a sequence: what enters each node of a row, as the places of a grid"

    @property
    def is_of_places(self) -> bool:
        """Whether it is applied to each node by itself, as to a sequence."""
        return self in (Reading.PLACES, Reading.WIRES)


def find_reading(context: LoweringContext, index: int, called: CalledPicture) -> Reading | None:
    """What a called picture takes here; ``None`` if the grids that are read are none that it takes."""
    source = source_of(called)
    values = called.drawing.values
    taken: tuple[int | str, ...] = tuple(side.value(values) for side in source.grid)
    grids = (context.grid.get(one, ()) for one in context.below(index))
    read = tuple(map(context.resolved, next(grids, ())))
    how = Reading.ONE if source.steps is None else Reading.WHOLE
    if how is Reading.WHOLE and not taken and len(read) == 1:
        how = Reading.PLACES
    elif read != taken:
        _report_grids(context, index, taken, read)
        return None
    if how is Reading.WHOLE:
        return _how_of_row(context, index)
    return None if _reads_many(context, index, read) else how


def _how_of_row(context: LoweringContext, index: int) -> Reading:
    """How a sequence is read: a row with one wire for each node goes in whole, and so does what enters one node."""
    operands = context.drawing.operands[index]
    is_whole = len(operands) == 1 and operands[0].bus is None
    return Reading.WHOLE if is_whole or context.steps[index] is None else Reading.WIRES


def _report_grids(
    context: LoweringContext, index: int, taken: tuple[int | str, ...], read: tuple[int | str, ...]
) -> None:
    """Report grids that are none that a called picture takes."""
    # F = cnn of input(28, 28, 1), over features; T = mlp of input(8), over images
    words = _grid_words(taken), _grid_words(read)
    hint = f"let it read {words[0]}, or declare its input as what is read"
    if read and not taken:
        hint = "put a row `flatten`, `mean(grid)` or `max(grid)` between them, or let its input take such grids"
    misread(context, index, f"takes {words[0]}, and reads {words[1]} here", hint)


def _reads_many(context: LoweringContext, index: int, grid: tuple[int | str, ...]) -> bool:
    """Whether several steps of grids enter each node; that is an error."""
    if not grid or not takes_steps_together(context, index):
        return False
    misread(context, index, "takes one grid, and reads several steps of grids here", _ONE_WIRE)
    return True


_ONE_WIRE = "draw it as a row with one wire for each node"


def _grid_words(grid: tuple[int | str, ...]) -> str:
    """A grid for people."""
    if not grid:
        return "features alone"
    sides = "×".join(map(str, grid))
    return f"grids of {sides}" if len(grid) > 1 else f"grids of {sides} places"


def output_of(called: CalledPicture) -> Block:
    """The output of a called picture."""
    return called.given.blocks[called.given.outputs[0].block]


def source_of(called: CalledPicture) -> Block:
    """The input of a called picture."""
    return called.given.blocks[called.given.inputs[0].block]


def width_given(context: LoweringContext, index: int) -> Size:
    """How many features the picture gives that a block calls, in the sizes of the one that calls it."""
    called, settings = context.drawing.called[index], context.drawing.settings[index]
    layer = Layer("", settings.kind, ONE, ONE, settings.arguments)
    return output_of(called).features.subs(bound(called.spec, layer, None))


def grid_called(context: LoweringContext, index: int, read: tuple[Size, ...]) -> tuple[Size, ...]:
    """The grid that the picture gives that a node calls by itself, of a node that holds the grid ``read``."""
    called, settings = context.drawing.called[index], context.drawing.settings[index]
    source, output = source_of(called), output_of(called)
    if source.steps is not None and (len(read) != 1 or source.grid):
        # It takes a row as a whole, of which no step of a loop has anything.
        return ()
    # Places that are read step by step: as many as the node holds.
    length = None if source.steps is None else read[0]
    layer = Layer("", settings.kind, ONE, ONE, settings.arguments)
    try:
        names = bound(called.spec, layer, length)
    except Misfit:
        # Said when the block is applied.
        return ()
    sizes = output.grid if output.steps is None else (output.steps, *output.grid)
    return tuple(side.subs(names) for side in sizes)


def misread(context: LoweringContext, index: int, what: str, hint: str) -> bool:
    """Report that a called picture does not fit where it is drawn; both places are shown."""
    called = context.drawing.called[index]
    spec = called.given
    block = source_of(called)
    place = ((block.span, f"the input of `{spec.name}`"),)
    context.error("SEQ134", f"`{spec.name}` {what}", index, hint, places=place)
    return False
