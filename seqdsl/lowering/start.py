"""state wires → initial state: the state with which a recurrent block begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.operations import PassedState, StateMode, ValueState
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.picture.trace import StateRef
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic, Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.operations import InitialState
    from seqdsl.lowering.compose import Composer
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.text.source import Span


def find_initial_state(
    index: int, drawing: Drawing, composer: Composer
) -> tuple[InitialState | None, list[Diagnostic]]:
    """The initial state of the recurrent block ``index``, or why there cannot be one."""
    handoffs = drawing.handoffs.get(index, ())
    initial = drawing.trace.initial.get(index, ())
    places = [handoff.span for handoff in handoffs] + [terminal.span for _, terminal in initial]
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
    if handoffs:
        first = handoffs[0]
        return _passed(index, first.source, first.span, drawing)
    for source, terminal in initial:
        flat = drawing.reader.flat(source)
        if len(flat) == 1 and isinstance(flat[0], StateRef):
            return _passed(index, flat[0].block, terminal.span, drawing)
        view = composer.together(drawing.reader.bus(source))
        return _valued(index, view, terminal.is_double, terminal.span, drawing, composer)
    return None, []


def _passed(
    index: int,
    source: int,
    span: Span,
    drawing: Drawing,
) -> tuple[InitialState | None, list[Diagnostic]]:
    here, there = drawing.settings[index], drawing.settings[source]
    letters = drawing.blocks[source].letter, drawing.blocks[index].letter
    if here.kind != there.kind:
        message = f"the state of `{letters[0]}`, a `{there.kind}`, is passed to `{letters[1]}`, a `{here.kind}`"
        return None, [Diagnostic("SEQ306", message, span, "both must be the same kind of cell")]
    from_two, to_two = (
        drawing.states.directions[block] is Direction.BIDIRECTIONAL for block in (source, index)
    )
    mode = _mode(from_two, to_two)
    # E=E=E-D-D    D begins with both states of E side by side, and is twice as wide;
    # E-E-E-D=D    the backward direction of D has no block before it: it begins at zero
    joined = mode is StateMode.JOINED
    sizes = tuple(map(drawing.resolved, there.state_widths()))
    given = tuple(drawing.resolved(size * (2 if joined else 1)) for size in there.state_widths())
    taken = tuple(map(drawing.resolved, here.state_widths()))
    if given != taken:
        what = "two states of" if joined else "a state of"
        from seqdsl.lowering.width_provenance import width_origins

        has = f"but `{letters[1]}` has {_widths(taken)}"
        message = f"`{letters[0]}` passes {what} {_widths(sizes)} units, {has}"
        hint = (
            f"give `{letters[1]}` {_widths(given)} units"
            if joined
            else "give both the same number of units"
        )
        places = width_origins(drawing, (source, index))
        answer, suggested = _undefined(drawing, source, index)
        found = Diagnostic("SEQ306", message, span, answer or hint, places, suggested=suggested)
        return None, [found]
    return PassedState(source, mode), []


def _mode(from_two: bool, to_two: bool) -> StateMode:
    """How a state is passed between blocks of one direction or of two: see `StateMode`."""
    if from_two == to_two:
        return StateMode.DIRECT
    return StateMode.JOINED if from_two else StateMode.FORWARD


def _undefined(drawing: Drawing, source: int, destination: int) -> tuple[str, tuple[Edit, ...]]:
    """The hint where one of two joined letters has no definition: it may be the other, misspelled."""
    # H-H-K-K    K is not defined, H is: its nodes may be meant as further ones of H
    for here, other in ((source, destination), (destination, source)):
        letter, meant = drawing.blocks[here].letter, drawing.blocks[other].letter
        undefined = letter != ANONYMOUS and drawing.settings[here].call is None
        if undefined and drawing.settings[other].call is not None:
            hint = f"`{letter}` has no definition: did you mean `{meant}`?"
            return hint, _lettered(drawing, here, meant)
    return "", ()


def _lettered(drawing: Drawing, index: int, letter: str) -> tuple[Edit, ...]:
    """Another letter for the drawn nodes of a block."""
    block = drawing.blocks[index]
    row, (first, last) = drawing.grid[block.row], block.marks
    columns = (
        row.columns[at] + 1 for at in range(first, last + 1) if row.marks[at] == block.letter
    )
    return tuple(Edit(row.line, column, letter, column + 1) for column in columns)


def _valued(
    index: int, view: Expression, is_double: bool, span: Span, drawing: Drawing, composer: Composer
) -> tuple[InitialState | None, list[Diagnostic]]:
    two = drawing.states.directions[index] is Direction.BIDIRECTIONAL
    both = two and is_double
    times = 2 if both else 1
    widths = [width * times for width in drawing.settings[index].state_widths()]
    given = drawing.resolved(composer.features(view))
    # One value is every state where they are equally wide; of any widths it may have them side by side, h and then c.
    whole, is_alike = sum(widths, Size.of(0)), len(set(map(drawing.resolved, widths))) == 1
    is_apart = len(widths) > 1 and given == drawing.resolved(whole)
    wanted = widths[0] if is_alike else whole
    if not is_apart and given != drawing.resolved(wanted):
        letter = drawing.blocks[index].letter
        what = "its units are" if is_alike else "its states side by side"
        message = f"the initial state of `{letter}` has {given} features, {what} {drawing.resolved(wanted)}"
        from seqdsl.lowering.width_provenance import width_origins

        places = width_origins(drawing, (*sorted(blocks_of(view)), index))
        hint = f"for example, pass it through `dense({wanted})`"
        return None, [Diagnostic("SEQ306", message, span, hint, places)]
    # +=B=B=B takes a value twice as wide, a half for each direction; +-B=B=B one for the forward direction only.
    return ValueState(view, _value_mode(two=two, both=both), is_apart), []


def _value_mode(*, two: bool, both: bool) -> StateMode:
    """Which of two directions, or the one, begins with a value."""
    if both:
        return StateMode.HALVES
    return StateMode.FORWARD if two else StateMode.DIRECT


def _widths(sizes: Sequence[int | str]) -> str:
    """How wide the states of a cell are: ``32``, or ``32 and 64`` where they differ."""
    return " and ".join(map(str, dict.fromkeys(sizes)))
