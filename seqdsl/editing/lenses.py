"""snapshot → commands above each model: write its source, verify it, draw it; or show what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.data import Lens
from seqdsl.targets import TARGETS, find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.editing.snapshot import Part, Snapshot

# In the order of a first visit: look at it, take its source, check that.
_OFFERED = (
    ("Draw", "draw", ""),
    *((find(name).title, "generate", name) for name in TARGETS),
    ("Verify", "verify", ""),
)


def lenses(snapshot: Snapshot) -> tuple[Lens, ...]:
    """What is offered for the models of a text; the editor says how each command is run."""
    return tuple(lens for part in snapshot.parts for lens in _of(part))


def _of(part: Part) -> Iterator[Lens]:
    compiled = {model.lines[0] for model in part.analysis.models}
    for picture in part.analysis.document.pictures:
        first = picture.rows[0].line
        # Above its picture: definitions may be anywhere, and a line `model NAME` is mostly right above it.
        place = part.between((first, 1), (first, len(part.lines[first - 1]) + 1))
        if first in compiled:
            for title, command, target in _OFFERED:
                yield Lens(place, title, command, picture.name, target)
        else:
            # The line stays while somebody types: without one, the text would jump up and down.
            yield Lens(place, "Show problems", "problems", picture.name)
