"""a picture as a layer: what its steps are, and whether what the block reads is what the picture takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.called import bound
from seqdsl.ir.compare import Misfit
from seqdsl.ir.expressions import ConcatPlaces
from seqdsl.ir.graph import Layer
from seqdsl.ir.operations import Call
from seqdsl.layers._called import ModelKind
from seqdsl.lowering.application import Application
from seqdsl.lowering.called_masks import find_masking
from seqdsl.lowering.called_operands import read_by_call
from seqdsl.lowering.called_reading import Reading, find_reading, misread, output_of, source_of
from seqdsl.lowering.compose import ONE

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.drawing import CalledPicture
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

          S   ...   S      the same for each node of a row of any length: its wires are places, and these the steps
        +-+-+     +-+-+
        X X X ... X X X
    """
    called = context.drawing.called[index]
    how = find_reading(context, index, called)
    operand = None if how is None else read_by_call(context, index, how)
    if how is None or operand is None or not _reads_what_it_takes(context, index, called, operand):
        return None
    # Of a free length, as `_t1` of the called picture, what is read here says how long it is.
    names = _bound(context, index, called, settings, _length(context, how, operand))
    each = context.steps[index] is not None and how is not Reading.WHOLE
    if names is None or not _gives_what_is_drawn(context, index, names, how):
        return None
    masking = find_masking(context, index, operand, how)
    if masking is None:
        return None
    output, (spec, masks) = output_of(called), masking
    grid, _ = _given(called, names, is_alone=each or how.is_of_places)
    return Application(
        context.key(index),
        ModelKind(spec.name, spec.settable),
        context.composer.features(operand),
        output.features.subs(names),
        Call(operand, each, masks, body=spec),
        {**settings.arguments},
        grid=grid,
    )


_FLAT = "let it give one vector, or put `flatten` before its output"


def _gives_what_is_drawn(
    context: LoweringContext, index: int, names: dict[str, Size], how: Reading
) -> bool:
    """Whether what a called picture gives is as long as its row, and a grid that a step can hold."""
    called = context.drawing.called[index]
    each = context.steps[index] is not None and how is not Reading.WHOLE
    grid, given = _given(called, names, is_alone=each or how.is_of_places)
    if len(grid) > max(1, len(output_of(called).grid)):
        return misread(context, index, "gives a sequence of grids for each step", _FLAT)
    return _gives_as_many(context, index, context.steps[index] if each else given)


def _given(
    called: CalledPicture, names: dict[str, Size], *, is_alone: bool
) -> tuple[tuple[Size, ...], Size | None]:
    """The grid and the steps that a called picture gives."""
    output = output_of(called)
    grid = tuple(side.subs(names) for side in output.grid)
    steps = None if output.steps is None else output.steps.subs(names)
    # A sequence for each step is a grid that the step holds.
    return (grid, steps) if steps is None or not is_alone else ((steps, *grid), None)


def _length(context: LoweringContext, how: Reading, operand: Expression) -> Size | None:
    """How many steps a called picture reads; ``None``: it takes no sequence."""
    if how.is_of_places:
        return context.composer.places(operand)[0]
    return context.composer.length(operand) if how is Reading.WHOLE else None


def _reads_what_it_takes(
    context: LoweringContext, index: int, called: CalledPicture, operand: Expression
) -> bool:
    """Whether a block reads ids of the right vocabulary, or as many features as the picture takes."""
    source, entry = source_of(called), called.given.inputs[0]
    settings = context.drawing.settings
    ids = [b for b in context.below(index) if settings[b].definition.gives_ids]
    if entry.vocabulary is not None:
        taken = f"ids of {entry.vocabulary.value(called.drawing.values)} tokens"
        if len(ids) < len(context.below(index)):
            hint = (
                f"connect it to a row of `tokens({entry.vocabulary.value(called.drawing.values)})`"
            )
            return misread(context, index, f"takes {taken}, and reads features here", hint)
        for block in ids:
            given = context.resolved(_vocabulary(context, block))
            if given != entry.vocabulary.value(called.drawing.values):
                hint = "give its `tokens` and those that it reads one vocabulary"
                return misread(
                    context, index, f"takes {taken}, and reads ids of {given} here", hint
                )
        return True
    wide = source.features.value(called.drawing.values)
    if ids:
        hint = f"put a row `embedding({wide})` between them, or let its input be `tokens`"
        return misread(context, index, f"takes {wide} features, and reads token ids here", hint)
    other = _misfit(context, operand, wide)
    if other is None:
        return True
    hint = f"put a row `dense({wide})` between them, or declare its input as `input({other})`"
    return misread(context, index, f"takes {wide} features, and reads {other} here", hint)


def _misfit(context: LoweringContext, operand: Expression, wide: int) -> int | str | None:
    """How wide is what a called picture reads and does not take; ``None``: all of it fits."""
    # One wire beside another: each is a step for the picture.
    parts = operand.parts if isinstance(operand, ConcatPlaces) else (operand,)
    read = (context.resolved(context.composer.features(part)) for part in parts)
    return next((given for given in read if given != wide), None)


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
    source, spec = source_of(called), called.given
    layer = Layer("", settings.kind, ONE, ONE, settings.arguments)
    try:
        names = bound(called.spec, layer, length)
    except Misfit as problem:
        hint = "give it steps of the number that its picture draws, or draw an ellipsis in it"
        misread(context, index, f"does not fit here: {problem}", hint)
        return None
    if source.steps is None or length is None:
        return names
    taken = source.steps.subs(names)
    if context.resolved(taken) != context.resolved(length):
        misread(
            context,
            index,
            f"takes {_shown(context, taken)} steps, and reads {_shown(context, length)} here",
            _towers(context, index)
            or "give it as many steps, or draw an ellipsis in its picture: any length",
        )
        return None
    least = {**context.drawing.values, **context.drawing.lengths.minimum}
    if all(names[name].value(least) >= spec.minimum[name] for name in spec.free):
        return names
    # S ... S calls X X ... X: two steps at least are read, three taken.
    needed = source.steps.value({**called.drawing.values, **spec.minimum})
    _too_short(context, index, length, (length.value(least), needed))
    return None


def _too_short(context: LoweringContext, index: int, length: Size, counts: tuple[int, int]) -> None:
    """Report a sequence that may be shorter than the called picture takes; ``counts`` says what is read and taken."""
    read, taken = counts
    missing = taken - read
    more = "one node more" if missing == 1 else f"{missing} nodes more"
    is_open = bool(length.names & context.drawing.lengths.minimum.keys())
    letter = context.drawing.blocks[index].letter
    how = find_reading(context, index, context.drawing.called[index])
    if how is not None and how.is_of_places:
        wires = "lead as many wires to each node"
        fix = wires if how is Reading.WIRES else "give each step as many places"
    elif is_open and context.steps[index] is not None and read >= 2:
        # S ... S is two steps at least; the new node stands before the ellipsis.
        drawn = " ".join([*[letter] * (taken - 1), "...", letter])
        fix = f"draw {more} before the ellipsis: `{drawn}`"
    else:
        fix = _towers(context, index) or f"draw {more} in the row that it reads"
    least = "at least " if is_open else ""
    misread(
        context,
        index,
        f"takes at least {taken} steps, and reads {least}{read} here",
        f"{fix}; or draw fewer nodes in its picture",
    )


def _towers(context: LoweringContext, index: int) -> str:
    """What to do where the nodes of a row read several blocks, one after the other; else empty."""
    # T T over two inputs of one node each, in a row: two towers were meant
    operands = context.drawing.operands[index]
    read = {access.block for operand in operands for access in operand.wired}
    if context.steps[index] is None or len(read) < 2 or len(operands) > 1:
        return ""
    letter = context.drawing.blocks[index].letter
    return f"draw the steps of each input, and lead all of them to its `{letter}` by a bus"


def _gives_as_many(context: LoweringContext, index: int, given: Size | None) -> bool:
    """Whether a block is as long as what the called picture gives."""
    steps = context.steps[index]
    if steps is None and given is None:
        return True
    if steps is None or given is None:
        what = "a vector" if given is None else "a sequence"
        fix = _as_one_node(context, index) if given is None else "draw it as a row"
        return misread(context, index, f"gives {what}, and is drawn otherwise here", fix)
    if context.resolved(steps) == context.resolved(given):
        return True
    shown = _shown(context, given)
    return misread(
        context,
        index,
        f"gives {shown} steps, and its row has {_shown(context, steps)}",
        "draw as many nodes",
    )


def _as_one_node(context: LoweringContext, index: int) -> str:
    """How to draw a picture that gives a vector for a row, or for what each step of a row holds."""
    # S S S      over three words a sentence encoder gives one vector; over three sentences, each of which holds its
    # X X X      words, it gives three
    called = context.drawing.called[index]
    words = called.given.inputs[0].vocabulary
    held = (
        "input(12, features)"
        if words is None
        else f"tokens({words.value(called.drawing.values)}, 12)"
    )
    return f"draw it as one node over all steps; to apply it at each step, let each hold a sequence, as `{held}` does"


def _shown(context: LoweringContext, size: Size) -> int | str:
    """A length for people; one without a name is not shown by ours."""
    shown = context.resolved(size)
    return "a free number of" if isinstance(shown, str) and shown.startswith("_") else shown
