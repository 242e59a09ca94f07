"""layers that combine their wires element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.application import Application
from seqdsl.model.compose import ONE
from seqdsl.model.reads import Piece, Slot
from seqdsl.model.views import JoinTime, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.model.apply import Applier
    from seqdsl.model.layers import Settings
    from seqdsl.model.size import Size


def combine(at: Applier, index: int, settings: Settings) -> Application | None:
    """Element by element over everything that a node sees, each source of a bus by itat."""
    steps = at.steps[index]
    slots = at.drawing.slots[index]
    if steps is None:
        pieces = [piece for slot in slots for piece in (slot.bus or slot.pieces)]
        if any(piece.count != ONE for piece in pieces):
            return _pool(at, index, settings, at.composer.steps_of(pieces), None)
        return _together(at, index, settings, [at.composer.vector(piece) for piece in pieces])
    if len(slots) == 1 and slots[0].bus is not None and len(slots[0].pieces) == 1:
        return _pool(at, index, settings, at.composer.steps_of(slots[0].bus), steps)
    views: list[View] = []
    for slot in slots:
        views += _operands(at, slot, steps)
    return _together(at, index, settings, views)


def _operands(at: Applier, slot: Slot, steps: Size) -> list[View]:
    if slot.bus is None:
        return [at.composer.sequence(slot.pieces)]
    found: list[View] = []
    for piece in slot.bus:
        count = piece.count.constant
        singles = (
            [piece]
            if count is None
            else [
                Piece(piece.block, piece.start + piece.stride * at, ONE, 1, piece.final)
                for at in range(count)
            ]
        )
        found += [
            at.composer.spread(at.composer.vector(one), slot.pieces, steps) for one in singles
        ]
    return found


def _pool(
    at: Applier, index: int, settings: Settings, view: View, steps: Size | None
) -> Application | None:
    parts = view.parts if isinstance(view, JoinTime) else (view,)
    widths = [at.composer.features(part) for part in parts]
    width = _spread_width(at, index, widths)
    if width is None:
        return None
    options: dict[str, object] = {"pool": True, "repeat": steps}
    return Application(at.key(index), settings.kind, width, width, (view,), options, {})


def _together(at: Applier, index: int, settings: Settings, views: list[View]) -> Application | None:
    width = _spread_width(at, index, [at.composer.features(view) for view in views])
    if width is None:
        return None
    return Application(at.key(index), settings.kind, width, width, tuple(views), {}, {})


def _spread_width(at: Applier, index: int, widths: Sequence[Size]) -> Size | None:
    """The common width of what is combined; a width of 1 is spread to the others'."""
    wide = {at.known(width): width for width in widths if at.known(width) != 1}
    if len(wide) > 1:
        shown = " and ".join(str(value) for value in wide)
        at.error(
            "SEQ305",
            f"`{at.drawing.settings[index].kind}` combines values of {shown} features",
            index,
            "give them the same width (or width 1, which is spread), or use `concat`",
        )
        return None
    return next(iter(wide.values()), ONE)
