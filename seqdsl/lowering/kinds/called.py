"""a picture as a layer: what its steps are, and whether what the block reads is what the picture takes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.ir.called import bound
from seqdsl.ir.compare import Misfit
from seqdsl.ir.expressions import ConcatTime, Repeat, blocks_of
from seqdsl.ir.graph import Layer
from seqdsl.ir.operations import Call
from seqdsl.layers._called import ModelKind
from seqdsl.lowering.application import Application
from seqdsl.lowering.compose import ONE
from seqdsl.lowering.grids import takes_steps_together

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.drawing import CalledPicture
    from seqdsl.model.spec import Block
    from seqdsl.size import Size


def call(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """Another picture, applied as its own input says.

    ::

        S S S      takes a vector, or the grid of a step: to every step by itself
        | | |
        X X X      takes a sequence: the row as a whole; but where each step holds a grid, to its places, step by step

          S        takes a sequence: what enters the node, as the steps
        +-+-+
        X X X
    """
    called = context.drawing.called[index]
    how = _reading(context, index, called)
    operand = None if how is None else _operand(context, index, how)
    if how is None or operand is None or not _reads_what_it_takes(context, index, called, operand):
        return None
    # Of a free length, as `_t1` of the called picture, what is read here says how long it is.
    names = _bound(context, index, called, settings, _length(context, how, operand))
    if names is None:
        return None
    output = called.given.blocks[called.given.outputs[0].block]
    grid = tuple(side.subs(names) for side in output.grid)
    given = None if output.steps is None else output.steps.subs(names)
    each = context.steps[index] is not None and how is not Reading.WHOLE
    if given is not None and (each or how is Reading.PLACES):
        # A sequence for each step is a grid that the step holds.
        grid, given = (given, *grid), None
    if each:
        given = context.steps[index]
    if len(grid) > 1 and grid != output.grid:
        _misread(context, index, "gives a sequence of grids for each step", _FLAT)
        return None
    if not _gives_as_many(context, index, given):
        return None
    if how is Reading.WHOLE and not _unmasked(context, index, operand):
        return None
    spec = called.spec
    return Application(
        context.key(index),
        ModelKind(spec.name, spec.settable),
        context.composer.features(operand),
        output.features.subs(names),
        Call(operand, each, body=spec),
        {**settings.arguments},
        grid=grid,
    )


class Reading(Enum):
    """What a called picture takes of what its nodes read."""

    ONE = "one value: each node's own"
    WHOLE = "a sequence: the row, or what enters a node"
    PLACES = "a sequence: the places of the grid that each node reads"


_FLAT = "let it give one vector, or put `flatten` before its output"


def _reading(context: LoweringContext, index: int, called: CalledPicture) -> Reading | None:
    """What a called picture takes here; ``None`` if the grids that are read are none that it takes."""
    source = _source(called)
    values = called.drawing.values
    taken: tuple[int | str, ...] = tuple(side.value(values) for side in source.grid)
    grids = (context.grid.get(one, ()) for one in context.below(index))
    read = tuple(map(context.resolved, next(grids, ())))
    how = Reading.ONE if source.steps is None else Reading.WHOLE
    if len(read) == len(taken) + 1 and how is Reading.WHOLE and not taken:
        how = Reading.PLACES
    elif read != taken:
        words = _grid_words(taken), _grid_words(read)
        _misread(context, index, f"takes {words[0]}, and reads {words[1]} here")
        return None
    if how is not Reading.WHOLE and read and takes_steps_together(context, index):
        _misread(context, index, "takes one grid, and reads several steps of grids here", _ONE_WIRE)
        return None
    return how


_ONE_WIRE = "draw it as a row with one wire for each node"


def _grid_words(grid: tuple[int | str, ...]) -> str:
    """A grid for people."""
    if not grid:
        return "features alone"
    sides = "×".join(map(str, grid))
    return f"grids of {sides}" if len(grid) > 1 else f"grids of {sides} places"


def _operand(context: LoweringContext, index: int, how: Reading) -> Expression | None:
    return _sequence(context, index) if how is Reading.WHOLE else context.joined(index)


def _length(context: LoweringContext, how: Reading, operand: Expression) -> Size | None:
    """How many steps a called picture reads; ``None``: it takes no sequence."""
    if how is Reading.PLACES:
        return context.composer.places(operand)[0]
    return context.composer.length(operand) if how is Reading.WHOLE else None


def _source(called: CalledPicture) -> Block:
    return called.given.blocks[called.given.inputs[0].block]


def _sequence(context: LoweringContext, index: int) -> Expression | None:
    """What a picture that takes a sequence reads: a row as a whole, or what enters a single node."""
    operands = context.drawing.operands[index]
    buses = [item for item in operands if item.bus is not None]
    if context.steps[index] is None:
        # All that enters the node, a bus or wires, from left to right.
        parts = [
            context.composer.steps_of(item.bus)
            if item.bus is not None
            else Repeat(context.composer.view(item, None), ONE)
            for item in operands
        ]
        return parts[0] if len(parts) == 1 else ConcatTime(tuple(parts))
    if buses or len(operands) != 1:
        _misread(
            context,
            index,
            "takes a sequence, and each node of this row has several wires",
            "draw it as one node over a bus, or as a row with one wire for each node",
        )
        return None
    return context.composer.view(operands[0], context.steps[index])


def _reads_what_it_takes(
    context: LoweringContext, index: int, called: CalledPicture, operand: Expression
) -> bool:
    """Whether a block reads ids of the right vocabulary, or as many features as the picture takes."""
    source, entry = _source(called), called.given.inputs[0]
    settings = context.drawing.settings
    ids = [b for b in context.below(index) if settings[b].definition.gives_ids]
    if entry.vocabulary is not None:
        taken = f"ids of {entry.vocabulary.value(called.drawing.values)} tokens"
        if len(ids) < len(context.below(index)):
            return _misread(context, index, f"takes {taken}, and reads features here")
        for block in ids:
            given = context.resolved(_vocabulary(context, block))
            if given != entry.vocabulary.value(called.drawing.values):
                return _misread(context, index, f"takes {taken}, and reads ids of {given} here")
        return True
    wide, read = source.features.value(called.drawing.values), context.composer.features(operand)
    if ids:
        return _misread(context, index, f"takes {wide} features, and reads token ids here")
    if context.resolved(read) != wide:
        given = context.resolved(read)
        return _misread(context, index, f"takes {wide} features, and reads {given} here")
    return True


def _vocabulary(context: LoweringContext, index: int) -> Size:
    """How many ids a block may give."""
    settings = context.drawing.settings[index]
    if settings.definition.chooses:
        return context.composer.features(context.joined(index))
    return settings.size("vocabulary")


def _bound(
    context: LoweringContext,
    index: int,
    called: CalledPicture,
    settings: Settings,
    length: Size | None,
) -> dict[str, Size] | None:
    """What the names of the called picture stand for here; ``None`` where its length does not fit."""
    source, spec = _source(called), called.given
    layer = Layer("", settings.kind, ONE, ONE, settings.arguments)
    try:
        names = bound(called.spec, layer, length)
    except Misfit as problem:
        _misread(context, index, f"does not fit here: {problem}")
        return None
    if source.steps is None or length is None:
        return names
    taken = source.steps.subs(names)
    if context.resolved(taken) != context.resolved(length):
        _misread(
            context,
            index,
            f"takes {_shown(context, taken)} steps, and reads {_shown(context, length)} here",
            "give it as many steps, or draw an ellipsis in its picture: any length",
        )
        return None
    return None if _is_too_short(context, index, spec.minimum, spec.free, names) else names


def _is_too_short(
    context: LoweringContext,
    index: int,
    minimum: dict[str, int],
    free: tuple[str, ...],
    names: dict[str, Size],
) -> bool:
    """Whether a sequence here may be shorter than the called picture takes."""
    lengths = context.drawing.lengths
    least = {**context.drawing.values, **lengths.minimum}
    for name in free:
        if names[name].value(least) < minimum[name]:
            _misread(context, index, "reads fewer steps here than it takes at least")
            return True
    return False


def _gives_as_many(context: LoweringContext, index: int, given: Size | None) -> bool:
    """Whether a block is as long as what the called picture gives."""
    steps = context.steps[index]
    if steps is None and given is None:
        return True
    if steps is None or given is None:
        what = "a vector" if given is None else "a sequence"
        fix = "draw it as one node" if given is None else "draw it as a row"
        return _misread(context, index, f"gives {what}, and is drawn otherwise here", fix)
    if context.resolved(steps) == context.resolved(given):
        return True
    shown = _shown(context, given)
    return _misread(
        context,
        index,
        f"gives {shown} steps, and its row has {_shown(context, steps)}",
        "draw as many nodes",
    )


def _unmasked(context: LoweringContext, index: int, operand: Expression) -> bool:
    """Whether no padding goes into the called picture as a whole, and none comes out."""
    called = context.drawing.called[index]
    output = called.given.blocks[called.given.outputs[0].block]
    hint = "let the model begin and end the mask itself: `embedding(mask=true)` in it, and one vector as its output"
    if blocks_of(operand) & context.composer.masked:
        return _misread(
            context, index, "reads a masked sequence here: masks do not go into models yet", hint
        )
    if output.masking and output.steps is not None:
        return _misread(
            context, index, "gives a masked sequence: masks do not come out of models yet", hint
        )
    return True


def _shown(context: LoweringContext, size: Size) -> int | str:
    """A length for people; one without a name is not shown by ours."""
    shown = context.resolved(size)
    return "a free number of" if isinstance(shown, str) and shown.startswith("_") else shown


def _misread(
    context: LoweringContext,
    index: int,
    what: str,
    hint: str = "change what it reads, or its input",
) -> bool:
    """Report that a called picture does not fit where it is drawn; both places are shown."""
    called = context.drawing.called[index]
    spec = called.given
    block = _source(called)
    place = ((block.span, f"the input of `{spec.name}`"),)
    context.error("SEQ134", f"`{spec.name}` {what}", index, hint, places=place)
    return False
