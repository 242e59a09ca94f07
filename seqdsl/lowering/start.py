"""state wires → initial state: the state with which a recurrent block begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.operations import PassedState, StateMode, ValueState
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.picture.trace import StateRef
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.operations import InitialState
    from seqdsl.lowering.compose import Composer
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.text.source import Span


def find_initial_state(
    index: int, drawing: Drawing, composer: Composer
) -> tuple[InitialState | None, list[Diagnostic]]:
    """The initial state of the recurrent block ``index``, or why there cannot be one."""
    givers = [(hand.giver, hand.is_double, hand.span) for hand in drawing.hands.get(index, ())]
    initial = drawing.trace.initial.get(index, ())
    places = [span for _, _, span in givers] + [terminal.span for _, terminal in initial]
    if len(places) > 1:
        letter = drawing.blocks[index].letter
        message = f"two states enter `{letter}`"
        related = ((places[0], "the other state"),)
        return None, [
            Diagnostic(
                "SEQ210",
                message,
                places[1],
                "a recurrent layer starts from one state; combine the values first",
                related,
            )
        ]
    if givers:
        giver, is_double, span = givers[0]
        return _handed(index, giver, is_double, span, drawing)
    for source, terminal in initial:
        flat = drawing.reader.flat(source)
        if len(flat) == 1 and isinstance(flat[0], StateRef):
            return _handed(index, flat[0].block, terminal.is_double, terminal.span, drawing)
        view = composer.together(drawing.reader.bus(source))
        return _valued(index, view, terminal.is_double, terminal.span, drawing, composer)
    return None, []


def _handed(
    index: int,
    giver: int,
    is_double: bool,
    span: Span,
    drawing: Drawing,
) -> tuple[InitialState | None, list[Diagnostic]]:
    here, there = drawing.settings[index], drawing.settings[giver]
    letters = drawing.blocks[giver].letter, drawing.blocks[index].letter
    if here.kind != there.kind:
        message = f"the state of `{letters[0]}`, a `{there.kind}`, is passed to `{letters[1]}`, a `{here.kind}`"
        return None, [Diagnostic("SEQ306", message, span, "both must be the same kind of cell")]
    from_two, to_two = (
        drawing.states.directions[block] is Direction.BIDIRECTIONAL for block in (giver, index)
    )
    mode = _mode(from_two, to_two)
    # E=E=E-D-D    D begins with both states of E side by side, and is twice as wide;
    # E-E-E-D=D    the backward direction of D has nobody before it: it begins at zero
    joined = mode is StateMode.JOINED
    wanted = there.size("units") * (2 if joined else 1)
    given, taken = drawing.known(wanted), drawing.known(here.size("units"))
    if given != taken:
        what = "two states of" if joined else "a state of"
        size = drawing.known(there.size("units"))
        from seqdsl.lowering.width_provenance import width_origins

        message = f"`{letters[0]}` passes {what} {size} units, but `{letters[1]}` has {taken}"
        hint = (
            f"give `{letters[1]}` {given} units" if joined else "give both the same number of units"
        )
        places = width_origins(drawing, (giver, index))
        return None, [
            Diagnostic("SEQ306", message, span, _stranger(drawing, giver, index) or hint, places)
        ]
    return PassedState(giver, mode), []


def _mode(from_two: bool, to_two: bool) -> StateMode:
    """How a state is passed between blocks of one direction or of two: see `StateMode`."""
    if from_two == to_two:
        return StateMode.DIRECT
    return StateMode.JOINED if from_two else StateMode.FORWARD


def _stranger(drawing: Drawing, giver: int, taker: int) -> str:
    """The hint where one of two joined letters has no definition: it may be the other, misspelt."""
    for here, other in ((giver, taker), (taker, giver)):
        letter, meant = drawing.blocks[here].letter, drawing.blocks[other].letter
        undefined = letter != ANONYMOUS and drawing.settings[here].call is None
        if undefined and drawing.settings[other].call is not None:
            return f"`{letter}` has no definition: did you mean `{meant}`?"
    return ""


def _valued(
    index: int, view: Expression, is_double: bool, span: Span, drawing: Drawing, composer: Composer
) -> tuple[InitialState | None, list[Diagnostic]]:
    two = drawing.states.directions[index] is Direction.BIDIRECTIONAL
    both = two and is_double
    wanted = drawing.settings[index].size("units") * (2 if both else 1)
    width = composer.features(view)
    if drawing.known(width) != drawing.known(wanted):
        letter = drawing.blocks[index].letter
        message = (
            f"the initial state of `{letter}` has {drawing.known(width)} features, "
            f"its units are {drawing.known(wanted)}"
        )
        from seqdsl.lowering.width_provenance import width_origins

        places = width_origins(drawing, (*sorted(blocks_of(view)), index))
        return None, [
            Diagnostic(
                "SEQ306", message, span, f"for example, pass it through `dense({wanted})`", places
            )
        ]
    mode = StateMode.HALVES if both else StateMode.FORWARD if two else StateMode.DIRECT
    return ValueState(view, mode), []
