"""``feedback=Y`` → what is fed back into an input, or why that cannot be.

::

    Y Y Y   dense(50)      Z is given while the model is trained. When it runs free, Z is what Y gave one step before.
    | | |
    D-D-D
    | | |
    Z Z Z                  Z = tokens(50, feedback=Y)
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.graph import Feedback
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Input
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block
    from seqdsl.size import Size
    from seqdsl.syntax.ast import Argument

ARGUMENT = "feedback"
"""The argument that says what is fed back."""


def has_feedback(drawing: Drawing) -> bool:
    """Whether an input is fed by the model itself; hardly any is."""
    return any(ARGUMENT in item.arguments for item in drawing.settings)


def find_feedback(
    drawing: Drawing, blocks: Sequence[Block], inputs: Sequence[Input]
) -> tuple[tuple[Input, ...], list[Diagnostic]]:
    """The inputs with what is fed back into them, and why that cannot be.

    Args:
        drawing: what was read of the picture.
        blocks: its blocks, with their meaning.
        inputs: the model's arguments.
    """
    found: list[Input] = []
    diagnostics: list[Diagnostic] = []
    for item in inputs:
        arguments = drawing.settings[item.block].arguments
        if ARGUMENT not in arguments:
            found.append(item)
            continue
        # By its letter: what is fed back has no wire, as nothing flows there while the model is trained.
        sources = [block for block in blocks if block.letter == arguments[ARGUMENT]]
        if problem := _problem(drawing, item, blocks[item.block], sources):
            diagnostics.append(problem)
        else:
            is_chosen = bool(arguments.get("choose"))
            found.append(replace(item, feedback=Feedback(sources[0].index, is_chosen)))
    return tuple(found), diagnostics


def _problem(
    drawing: Drawing, item: Input, fed: Block, sources: Sequence[Block]
) -> Diagnostic | None:
    """Why what is fed back is no step of an input."""
    argument = written(drawing, item.block, ARGUMENT)
    letter = str(argument.value)
    if not sources:
        letters = sorted({block.letter for block in drawing.blocks if block.letter != fed.letter})
        hint = f"name a letter of the picture: {', '.join(f'`{name}`' for name in letters)}"
        return Diagnostic("SEQ321", f"no row is called `{letter}`", argument.span, hint)
    if len(sources) > 1:
        message = (
            f"`{letter}` is drawn as {len(sources)} rows: which of them is fed back is not clear"
        )
        return Diagnostic(
            "SEQ321", message, argument.span, "give the row that is fed back a letter of its own"
        )
    return _misfit(drawing, item, fed, sources[0])


def _misfit(drawing: Drawing, item: Input, fed: Block, source: Block) -> Diagnostic | None:
    """Why a row is no step of an input."""
    argument = written(drawing, item.block, ARGUMENT)
    if fed.steps is None or source.steps is None:
        alone = fed if fed.steps is None else source
        message = f"`{alone.letter}` has no steps: nothing can be fed back one step later"
        return Diagnostic(
            "SEQ321", message, argument.span, "draw a node for each step, or an ellipsis"
        )
    if fed.grid or source.grid:
        problem = _of_grids(drawing, argument, item, fed, source)
        if problem is not None:
            return problem
    wanted = fed.features if item.vocabulary is None else item.vocabulary
    if drawing.number(wanted) != drawing.number(source.features):
        return _of_widths(drawing, item, fed, source)
    return None


def _of_widths(drawing: Drawing, item: Input, fed: Block, source: Block) -> Diagnostic:
    argument, letter = written(drawing, item.block, ARGUMENT), source.letter
    if item.vocabulary is not None and drawing.settings[source.index].definition.chooses:
        # C C C    argmax, or sample: what is fed are ids, but which of them is chosen when it runs free
        # Y Y Y    dense(50)
        message = f"`{letter}` gives ids, of which `generate` chooses by itself"
        hint = f"name the row that `{letter}` chooses of, and take the row of `{letter}` away"
        return Diagnostic("SEQ321", message, argument.span, hint)
    given = _count(source.features, "feature")
    if item.vocabulary is not None:
        message = (
            f"`{letter}` gives {given}, but `{fed.letter}` has {_count(item.vocabulary, 'id')}"
        )
        hint = f"`{letter}` needs a feature for each of the {item.vocabulary} ids of `{fed.letter}`"
    else:
        message = (
            f"`{letter}` gives {given}, but `{fed.letter}` has {_count(fed.features, 'feature')}"
        )
        hint = f"make both equally wide, or name a row with {_count(fed.features, 'feature')}"
    return Diagnostic("SEQ321", message, argument.span, hint)


def _count(size: Size, noun: str) -> str:
    return f"{size} {noun}" if size.constant == 1 else f"{size} {noun}s"


def _of_grids(
    drawing: Drawing, argument: Argument, item: Input, fed: Block, source: Block
) -> Diagnostic | None:
    """Report grids of other places than are fed, and ids: of a step one is chosen, not one for each of its places."""
    sides = [tuple(map(drawing.number, block.grid)) for block in (fed, source)]
    if item.vocabulary is not None or drawing.settings[item.block].arguments.get("choose"):
        # Z = tokens(11, 3, feedback=Y): of Y = dense(11) one id is chosen for a step, and three are wanted.
        held = fed if fed.grid else source
        message = f"`{held.letter}` holds {_places(drawing, held)}, and one id is chosen of a step"
        hint = (
            "let the input give one id at each step"
            if fed.grid
            else f"put a row `flatten`, `mean(grid)` or `max(grid)` above `{held.letter}`, and feed that back"
        )
    elif sides[0] != sides[1]:
        message = (
            f"`{source.letter}` gives {_places(drawing, source)}, but `{fed.letter}` has "
            f"{_places(drawing, fed)}"
        )
        hint = "make both the same, or name a row with the places of the input"
        if source.grid and not fed.grid:
            hint = f"put a row `flatten`, `mean(grid)` or `max(grid)` above `{source.letter}`, and feed that back"
    else:
        return None
    return Diagnostic("SEQ319", message, argument.span, hint)


def _places(drawing: Drawing, block: Block) -> str:
    """The grids of a block for people: of 28×28, of 12 places."""
    sides = "×".join(str(drawing.resolved(side)) for side in block.grid)
    if not sides:
        return "features alone"
    return f"grids of {sides if len(block.grid) > 1 else f'{sides} places'}"


def written(drawing: Drawing, index: int, keyword: str) -> Argument:
    """An argument of a block's layer, as it was written."""
    call = drawing.settings[index].call
    assert call is not None
    return next(item for item in call.arguments if item.keyword == keyword)
