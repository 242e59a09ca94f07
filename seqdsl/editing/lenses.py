"""snapshot → commands above each model that compiles: write its source, verify it, draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.data import Lens
from seqdsl.targets import TARGETS, find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.editing.snapshot import Part, Snapshot
    from seqdsl.lowering.compiled import CompiledModel

# In the order of a first visit: look at it, take its source, check that.
_OFFERED = (
    ("Draw", "draw", ""),
    *((find(name).title, "generate", name) for name in TARGETS),
    ("Verify", "verify", ""),
)


def lenses(snapshot: Snapshot) -> tuple[Lens, ...]:
    """What is offered for the models of a text; the editor says how each command is run."""
    return tuple(
        lens
        for part in snapshot.parts
        for model in part.analysis.models
        for lens in _of(part, model)
    )


def _of(part: Part, model: CompiledModel) -> Iterator[Lens]:
    first = model.lines[0]
    # Above its picture: definitions may be anywhere, and a line `model NAME` is mostly right above it.
    place = part.between((first, 1), (first, len(part.lines[first - 1]) + 1))
    for title, command, target in _OFFERED:
        yield Lens(place, title, command, model.name, target)
