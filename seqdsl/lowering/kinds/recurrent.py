"""recurrent layers: what their steps see, which way they run, and from which state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import ConcatFeatures, Expression, FinalState, Repeat
from seqdsl.ir.operations import InitialState, PassedState, Scan
from seqdsl.lowering.application import Application
from seqdsl.lowering.compose import ONE
from seqdsl.lowering.start import find_initial_state

if TYPE_CHECKING:
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import Site
    from seqdsl.size import Size


def recurrent(site: Site, index: int, settings: Settings) -> Application | None:
    """One chain of a cell's steps."""
    views = site.views(index)
    direction = site.direction(index)
    cell = settings.size("units")
    units = cell * direction.count
    initial, found = find_initial_state(index, site.drawing, site.composer)
    site.diagnostics += found
    if found:
        return None
    if site.steps[index] is None:
        views = [Repeat(view, ONE) for view in views]
    if not views:
        # A decoder fed by its state alone sees one feature that is always zero: cells need one.
        views = [_blank(site, initial, site.steps[index])]
    view = views[0] if len(views) == 1 else ConcatFeatures(tuple(views))
    width = site.composer.features(view)
    if not site.is_fixed(width, index):
        return None
    bidirectional = direction is Direction.BIDIRECTIONAL
    arguments = {**settings.arguments, "bidirectional": bidirectional}
    body = settings.definition.cell
    assert body is not None
    operation = Scan(view, direction, initial, body=body)
    return Application(site.key(index), settings.kind, width, units, operation, arguments)


def _blank(site: Site, initial: InitialState | None, steps: Size | None) -> Expression:
    assert initial is not None
    like = FinalState(initial.source) if isinstance(initial, PassedState) else initial.value
    return site.composer.zeros(steps or ONE, like)
