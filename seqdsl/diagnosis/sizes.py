"""numbers of a message and shapes of data → the sizes of both pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.catalogue.shapes import LARGEST
from seqdsl.diagnosis.kind import DEFAULTS, WRONG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.diagnosis.find import Found
    from seqdsl.diagnosis.kind import Kind
    from seqdsl.explain.arrays import Array

Sizes = dict[str, "int | None"]

_MOST = 6
"""Digits of a number that a picture is drawn with."""
BOTH = "__"
"""What is between two names of one group."""


def right_sizes(found: Found, data: Sequence[Array], targets: Sequence[Array]) -> Sizes:
    """The sizes of the right picture: those of the data before those of the message."""
    named = dict(found.kind.sizes) | _of_message(found.groups)
    return DEFAULTS | _shared(named) | of_data(found.kind, data, targets)


def wrong_sizes(found: Found, data: Sequence[Array], targets: Sequence[Array]) -> Sizes:
    """The sizes of the wrong picture: the same, but for what the message says is wrong."""
    named = dict(found.kind.sizes) | _of_message(found.groups)
    own = {name.removeprefix(WRONG): size for name, size in named.items() if name.startswith(WRONG)}
    return right_sizes(found, data, targets) | own


def of_data(kind: Kind, data: Sequence[Array], targets: Sequence[Array]) -> Sizes:
    """The sizes that data has, as far as the right picture has a place for them."""
    sizes: Sizes = {}
    for array, name in zip(data, ("features", "features2"), strict=False):
        *places, features = array.axes[1:] or (1,)
        # (1000, 20) for an X of several steps: 20 steps of one number
        if name == "features" and kind.right.is_sequence:
            places, features = (places, features) if places else ([features], 1)
            sizes |= {"steps": places[0], "places": (places[1:] or [None])[0]}
        sizes[name] = features
    for array in targets[:1]:
        *steps, out = array.axes[1:] or (1,)
        sizes["out"] = out
        if steps:
            sizes["out_steps"] = steps[0]
    return {name: size for name, size in sizes.items() if _is_drawn(name, size)}


def _is_drawn(name: str, size: int | None) -> bool:
    """Whether a picture can have a size of data; a width or a number of places is never left open."""
    return 0 < size <= LARGEST if size is not None else name in ("steps", "out_steps")


def _of_message(groups: Mapping[str, str]) -> Sizes:
    """The groups that are sizes; a number that no picture has, or `None` of a free axis, is not one."""
    sizes: Sizes = {}
    for group, value in groups.items():
        for name in group.split(BOTH):
            known = name.removeprefix(WRONG) in DEFAULTS
            if known and value.isdecimal() and len(value) <= _MOST and int(value) > 0:
                sizes[name] = int(value)
    # indices[0, 3] = 10: the vocabulary has to have 11 ids at least
    if "id" in groups and groups["id"].isdecimal() and len(groups["id"]) < _MOST:
        sizes["vocabulary"] = int(groups["id"]) + 1
    return sizes


def _shared(sizes: Sizes) -> Sizes:
    return {name: size for name, size in sizes.items() if not name.startswith(WRONG)}
