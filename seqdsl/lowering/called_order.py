"""pictures that call each other → the order in which they compile, each behind those that it calls."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from seqdsl.analysis.order import find_circles
from seqdsl.budget import MOST_NESTED
from seqdsl.layers import find_layer
from seqdsl.lowering.call_checks import calls_of
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.syntax.ast import Call, Picture


def called_names(picture: Picture, names: Mapping[str, object]) -> dict[str, Call]:
    """The other pictures of a file that a picture calls, each with its first call."""
    cells = {item.name for item in picture.cells}
    found: dict[str, Call] = {}
    for call in calls_of(picture):
        # A layer is a layer, whatever pictures are called.
        is_own = call.python is None and call.layer in names and call.layer not in cells
        if is_own and find_layer(call.layer) is None:
            found.setdefault(call.layer, call)
    return found


def meant_models(picture: Picture, lines: Mapping[str, int]) -> list[Diagnostic]:
    """The calls of a picture that mean a layer where another model of the file has the layer's name.

    Args:
        picture: the picture.
        lines: the line of each model of the file that is called as a layer is, by its name.
    """
    # Within `model lstm` itself an `lstm` can only be the layer.
    calls = [
        call for call in calls_of(picture) if call.layer in lines and call.layer != picture.name
    ]
    first = {call.layer: call for call in reversed(calls) if call.python is None}
    return [_meant(call, lines[name]) for name, call in first.items()]


def _meant(call: Call, line: int) -> Diagnostic:
    name = call.layer
    message = f"`{name}` is the layer here, not the model `{name}` of line {line}"
    hint = f"rename the model, for example to `{name}_model`, and call that if you mean the model"
    return Diagnostic("SEQ426", message, call.span, hint)


def called_pictures(picture: Picture, others: Sequence[Picture]) -> list[Picture]:
    """The pictures that a picture calls, and those that these call, in the order of their file."""
    names = {item.name: item for item in others}
    found: set[str] = set()
    waiting = [picture]
    while waiting:
        new = called_names(waiting.pop(), names).keys() - found
        found |= new
        waiting += map(names.__getitem__, new)
    return [item for item in others if item.name in found]


def find_calls(pictures: Sequence[Picture]) -> list[dict[str, Call]]:
    """What each picture of a file calls, by name, with the first call of each."""
    names = {item.name: item for item in pictures}
    return [called_names(item, names) for item in pictures]


def compile_order(
    pictures: Sequence[Picture], calls: Sequence[Mapping[str, Call]]
) -> tuple[list[int], list[Diagnostic]]:
    """The places of all pictures, each behind those that it calls; those of a circle are left out and reported.

    Pictures that call nothing keep their order, as most do.
    """
    if not any(calls):
        return list(range(len(pictures))), []
    places = {item.name: at for at, item in enumerate(pictures)}
    below = {at: {places[name] for name in found} for at, found in enumerate(calls)}
    circles = find_circles(list(below.values()))
    diagnostics = [_circle(sorted(circle), pictures, calls, places) for circle in circles]
    # What calls a picture of a circle waits for nothing: that one is not there.
    stuck = frozenset().union(*circles)
    fits, deep = _shallow({at: found - stuck for at, found in below.items() if at not in stuck})
    diagnostics += [_too_deep(next(iter(calls[at].values()))) for at in deep]
    return fits, diagnostics


def _shallow(below: Mapping[int, set[int]]) -> tuple[list[int], list[int]]:
    """The pictures in order up to those that have as many within each other as may be, and the first that have more."""
    depths: dict[int, int] = {}
    for at in TopologicalSorter(below).static_order():
        depths[at] = 1 + max((depths[one] for one in below[at]), default=0)
    # a calls b, which calls c, and so on: what calls more is left out.
    fits = [at for at, depth in depths.items() if depth <= MOST_NESTED]
    return fits, [at for at, depth in depths.items() if depth == MOST_NESTED + 1]


def _too_deep(call: Call) -> Diagnostic:
    """A picture within pictures, more than are written within each other."""
    message = f"more than {MOST_NESTED} models within each other"
    hint = "draw the rows of some of them where they are called"
    return Diagnostic("SEQ110", message, call.span, hint)


def _circle(
    circle: Sequence[int],
    pictures: Sequence[Picture],
    calls: Sequence[Mapping[str, Call]],
    places: Mapping[str, int],
) -> Diagnostic:
    """Pictures that call each other: each would contain itself."""
    within = [
        (pictures[at].name, call)
        for at in circle
        for name, call in calls[at].items()
        if places[name] in circle
    ]
    (name, first), *others = within
    message = (
        f"`{name}` calls itself" if not others else f"`{name}` calls itself through another model"
    )
    related = tuple((call.span, f"`{caller}` calls `{call.layer}` here") for caller, call in others)
    hint = "a model cannot contain itself: call a model that calls none of these, or draw its rows here"
    return Diagnostic("SEQ131", message, first.span, hint, related)
