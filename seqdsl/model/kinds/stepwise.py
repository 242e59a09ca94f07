"""layers that work step by step on everything their nodes see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.model.application import Application
from seqdsl.model.compose import ONE
from seqdsl.model.size import Size
from seqdsl.model.views import JoinFeatures, Repeat, Value

if TYPE_CHECKING:
    from seqdsl.model.apply import Applier
    from seqdsl.model.layers import Settings
    from seqdsl.model.windows import Window


def plain(at: Applier, index: int, settings: Settings) -> Application | None:
    """A layer that works step by step on everything its nodes see."""
    view = at.joined(index)
    width = at.composer.features(view)
    if not at.is_fixed(width, index):
        return None
    units = settings.arguments.get("units", width)
    assert isinstance(units, Size)
    return Application(
        at.key(index), settings.kind, width, units, (view,), {}, dict(settings.arguments)
    )


def windowed(at: Applier, index: int, settings: Settings, window: Window) -> Application:
    """A dense row whose nodes each see a window of their neighbours: a convolution."""
    width = at.width[window.block]
    arguments = {
        **settings.arguments,
        "kernel": Size.of(window.kernel),
        "dilation": window.dilation,
        "stride": window.stride,
    }
    options: dict[str, object] = {"before": window.before, "after": window.after}
    return Application(
        at.key(index),
        "conv",
        width,
        settings.size("units"),
        (Value(window.block),),
        options,
        arguments,
    )


def embedding(at: Applier, index: int, settings: Settings) -> Application | None:
    """A look-up of the token below."""
    below = at.below(index)
    if len(at.drawing.slots[index]) != 1 or any(
        at.drawing.settings[b].kind != "tokens" for b in below
    ):
        at.error(
            "SEQ309",
            "an embedding looks up one token a step, and nothing else",
            index,
            "wire it to a row of `tokens(vocabulary)`",
        )
        return None
    sizes = {at.known(at.drawing.settings[b].size("vocabulary")) for b in below}
    if len(sizes) > 1:
        at.error(
            "SEQ308",
            "one embedding over different vocabularies",
            index,
            "use a letter of its own for each",
            *((b, "its tokens") for b in below),
        )
        return None
    vocabulary = at.drawing.settings[below[0]].size("vocabulary")
    arguments: dict[str, object] = {"vocabulary": vocabulary, **settings.arguments}
    units = settings.size("features")
    return Application(
        at.key(index), "embedding", vocabulary, units, (at.joined(index),), {}, arguments
    )


def split(at: Applier, index: int, settings: Settings) -> Application | None:
    """Node i of n takes the i-th of n equal parts of what they all see."""
    steps = at.steps[index]
    view = at.joined(index)
    parts = view.parts if isinstance(view, JoinFeatures) else (view,)
    inner = [part.of if isinstance(part, Repeat) else part for part in parts]
    constant = steps is None or all(isinstance(part, Repeat) for part in parts)
    whole = inner[0] if len(inner) == 1 else JoinFeatures(tuple(inner))
    if not constant:
        at.error(
            "SEQ309",
            "the nodes of a `split` must all see the same",
            index,
            "lead one value to all of them by a bus",
        )
        return None
    width, count = at.composer.features(whole), steps or ONE
    known, number = at.known(width), at.known(count)
    if not isinstance(known, int) or not isinstance(number, int) or known % number:
        at.error(
            "SEQ305",
            f"{known} features cannot be split into {number} equal parts",
            index,
            "choose a width that the number of steps divides",
        )
        return None
    units = Size.of(known // number)
    return Application(at.key(index), "split", width, units, (whole,), {"parts": steps}, {})
