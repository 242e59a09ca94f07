"""applications → masks: which steps of a block are padding, as views over the masks of what it reads.

A masked sequence is padded at its end. In a mask's view, the value of a block stands for that block's mask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.views import (
    Between,
    Combined,
    Final,
    Flatten,
    Gather,
    JoinFeatures,
    JoinTime,
    LastSteps,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    Value,
    View,
    Zeros,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from seqdsl.model.application import Application


class Unmaskable(Exception):
    """A masked sequence is used in a way that would not leave its padding at the end."""


def find_masks(application: Application, masked: Collection[int]) -> tuple[View, ...]:
    """The masks whose common steps are the real steps of a block; none if it is not masked.

    Raises:
        Unmaskable: the padding would not stay at the end.
    """
    if application.options.get("masked"):
        return ()
    if application.options.get("pool") or application.kind == "split":
        return ()
    views = application.views[:1] if application.kind == "attention" else application.views
    found: list[View] = []
    for view in views:
        found += _masks(view, masked)
    if found and ("kept" in application.options or application.arguments.get("stride", 1) != 1):
        raise Unmaskable
    return tuple(dict.fromkeys(found))


def memory_mask(application: Application, masked: Collection[int]) -> tuple[View, ...]:
    """The masks of an attention's memory."""
    return tuple(_masks(application.views[1], masked)) if application.kind == "attention" else ()


def pool_mask(application: Application, masked: Collection[int]) -> tuple[View, ...]:
    """The masks of what is combined over time."""
    return tuple(_masks(application.views[0], masked)) if application.options.get("pool") else ()


def _masks(view: View, masked: Collection[int]) -> list[View]:
    if isinstance(view, Value):
        return [view] if view.block in masked else []
    if isinstance(view, Final | Step | Repeat | Zeros | Flatten | LastSteps):
        return []
    if isinstance(view, JoinTime | Pad) and _has_last_steps(view):
        # A sample that is shorter has fewer of the last steps, and others behind them.
        raise Unmaskable
    if isinstance(view, JoinFeatures | Combined):
        return [mask for part in view.parts for mask in _masks(part, masked)]
    parts = view.parts if isinstance(view, JoinTime) else children(view)[:1]
    if not any(_masks(part, masked) for part in parts):
        return []
    if isinstance(view, Slice | Gather | Between | RepeatSteps) and isinstance(
        children(view)[0], Value
    ):
        return [view]
    raise Unmaskable


def _has_last_steps(view: View) -> bool:
    """Whether a sequence has the last real steps of another among its own."""
    if isinstance(view, Step | Repeat | Flatten):
        return False
    return isinstance(view, LastSteps) or any(map(_has_last_steps, children(view)))


def starts_mask(kind: str, arguments: Mapping[str, object]) -> bool:
    """Whether a layer tells padding from data: ``input(mask=0)``, ``embedding(mask=true)``."""
    return (kind == "input" and arguments.get("mask") is not None) or (
        kind == "embedding" and arguments.get("mask") is True
    )
