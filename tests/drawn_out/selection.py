"""picture → the lengths at which it is drawn in full: different ones for different stretches, short ones first."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from tests.drawn_out.picture import Picture
from tests.drawn_out.unroll import Lengths, choices, stretches

SIZES = (0, 1, 2, 3, 5)
"""How many steps are elided: none, one, and such that no small number divides all."""

LONG = 11
"""Lengths that a file sets are tried if they elide less than so many steps."""

MOST = 3
"""How many stretches may have any of the sizes; of more, all lengths would be thousands."""


def selection(picture: Picture, most: int, values: Mapping[str, int]) -> list[Lengths]:
    """At most so many lengths that a picture can have, those that its file sets among them.

    Args:
        picture: a picture with ellipses.
        most: how many lengths are chosen.
        values: the parameters of its file.
    """
    count = len(stretches(picture))
    sizes = SIZES if count <= MOST else SIZES[::2]
    possible = list(islice(choices(picture, {}, sizes), 200))
    turned = [
        tuple(sizes[(turn + n) % len(sizes)] for n in range(count)) for turn in (3, 0, 1, 2, 4)
    ]
    named = {gap.name for _, _, gap in picture.gaps()} & values.keys()
    known = {name: values[name] for name in named}
    chosen = list(islice(choices(picture, known, range(LONG)), 1)) if named and count <= 2 else []
    chosen += [lengths for lengths in turned if lengths in possible and lengths not in chosen]
    chosen += [lengths for lengths in possible if lengths not in chosen]
    return chosen[:most]
