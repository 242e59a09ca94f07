"""one application of one layer, as data; and which of its values are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.model.views import Final, Value, View, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.model.size import Size
    from seqdsl.model.start import Start


@dataclass
class Application:
    """A block's layer, and what it is applied to.

    Attributes:
        key: what shares weights: a letter, or the number of an anonymous block.
        kind: the layer's kind in the backends; a windowed ``dense`` is ``conv``.
        width: features the layer sees.
        units: features it gives.
        views: what it sees.
        options: how it is applied.
        arguments: the layer's arguments.
        start: the state from which a recurrent block begins; ``None``: from zero.
        masks: the masks whose common steps are this block's real steps (see `seqdsl.model.masks`).
        memory_masks: the same for what it attends to, or combines over time.
        uses: which of its values are read.
    """

    key: str | int
    kind: str
    width: Size
    units: Size
    views: tuple[View, ...]
    options: dict[str, object] = field(default_factory=dict)
    arguments: Mapping[str, object] = field(default_factory=dict)
    start: Start | None = None
    masks: tuple[View, ...] = ()
    memory_masks: tuple[View, ...] = ()
    uses: frozenset[str] = frozenset()


def note_uses(applications: Mapping[int, Application]) -> None:
    """Tell every block which of its values are read: its sequence, its final state, its whole state."""
    uses: dict[int, set[str]] = {index: set() for index in applications}
    for application in applications.values():
        views = list(application.views)
        if application.start is not None:
            views += application.start.views
            if application.start.block is not None:
                uses[application.start.block].add("state")
        for item in (inner for view in views for inner in walk(view)):
            if isinstance(item, Final):
                uses[item.block].add("final")
            elif isinstance(item, Value):
                uses[item.block].add("sequence")
    for index, application in applications.items():
        application.uses = frozenset(uses[index] or {"sequence"})
