"""recurrent layers: what their steps read, which way they run, and from which state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import ConcatFeatures, Expression, FinalState, Repeat
from seqdsl.ir.operations import InitialState, PassedState, Scan
from seqdsl.lowering.application import Application
from seqdsl.lowering.compose import ONE
from seqdsl.lowering.kinds.equations import fits
from seqdsl.lowering.start import find_initial_state

if TYPE_CHECKING:
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.size import Size


def recurrent(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """One chain of a cell's steps."""
    views = context.views(index)
    direction = context.direction(index)
    units = settings.state_widths()[0] * direction.count
    initial, diagnostics = find_initial_state(index, context.drawing, context.composer)
    context.diagnostics += diagnostics
    if diagnostics or not _narrows(context, index, settings):
        return None
    # A lone node is a chain of one step. PyTorch would take (batch, features) for one sequence without a batch.
    if context.steps[index] is None:
        views = [Repeat(view, ONE) for view in views]
    if not views:
        # A decoder fed by its state alone reads one feature that is always zero: cells need one.
        views = [_blank(context, initial, context.steps[index])]
    view = views[0] if len(views) == 1 else ConcatFeatures(tuple(views))
    width = context.composer.features(view)
    if not context.is_fixed(width, index):
        return None
    bidirectional = direction is Direction.BIDIRECTIONAL
    arguments = {**settings.arguments, "bidirectional": bidirectional}
    if settings.definition.is_declared and not fits(context, index, width):
        return None
    body = settings.cell
    operation = Scan(view, direction, initial, body=body)
    return Application(context.key(index), settings.kind, width, units, operation, arguments)


def _narrows(context: LoweringContext, index: int, settings: Settings) -> bool:
    """Whether a projection makes what a step gives narrower than its units; an error if not."""
    if "projection" not in settings.arguments:
        return True
    given = context.resolved(settings.size("projection"))
    units = context.resolved(settings.size("units"))
    # PyTorch refuses one that is as wide, which would be no more than a matrix for the layer above.
    if not (isinstance(given, int) and isinstance(units, int) and given >= units):
        return True
    letter = context.drawing.blocks[index].letter
    message = f"`{letter}` projects its {units} units to {given} features"
    hint = f"a projection is narrower than the units: at most {units - 1}" if units > 1 else ""
    context.error("SEQ304", message, index, hint or "leave `projection=` out")
    return False


def _blank(
    context: LoweringContext, initial: InitialState | None, steps: Size | None
) -> Expression:
    assert initial is not None
    like = FinalState(initial.source) if isinstance(initial, PassedState) else initial.value
    return context.composer.zeros(steps or ONE, like)
