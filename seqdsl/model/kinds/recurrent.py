"""recurrent layers: what their steps see, which way they run, and from which state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.application import Application
from seqdsl.model.compose import ONE
from seqdsl.model.start import Start, find_start
from seqdsl.model.views import Final, JoinFeatures, Repeat, View

if TYPE_CHECKING:
    from seqdsl.model.layers import Settings
    from seqdsl.model.site import Site
    from seqdsl.model.size import Size


def recurrent(site: Site, index: int, settings: Settings) -> Application | None:
    """One chain of a cell's steps."""
    views = site.views(index)
    direction = site.direction(index)
    cell = settings.size("units")
    units = cell * 2 if direction == "=" else cell
    start, found = find_start(index, site.drawing, site.composer)
    site.diagnostics += found
    if found:
        return None
    if site.steps[index] is None:
        views = [Repeat(view, ONE) for view in views]
    if not views:
        # A decoder fed by its state alone sees one feature that is always zero: cells need one.
        views = [_blank(site, start, site.steps[index])]
    view = views[0] if len(views) == 1 else JoinFeatures(tuple(views))
    width = site.composer.features(view)
    if not site.is_fixed(width, index):
        return None
    arguments = {**settings.arguments, "bidirectional": direction == "="}
    options: dict[str, object] = {"direction": direction}
    return Application(
        site.key(index), settings.kind, width, units, (view,), options, arguments, start
    )


def _blank(site: Site, start: Start | None, steps: Size | None) -> View:
    assert start is not None
    like: View = Final(start.block) if start.block is not None else start.views[0]
    return site.composer.zeros(steps or ONE, like)
