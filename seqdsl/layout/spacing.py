r"""columns of what steps read → columns of the steps: over the middle of windows, and evenly where nothing is read."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HALF = Fraction(1, 2)
_TOLD = 2
"""So many steps tell how far apart those are that are not there."""


def is_rising(columns: Sequence[Fraction]) -> bool:
    """Whether each column is right of the one before."""
    return all(left < right for left, right in pairwise(columns))


def middles(places: Sequence[Mapping[int, Fraction]]) -> dict[int, Fraction]:
    r"""The middle of what each step reads of a block, by its places side by side.

    ::

        U U U      a window is above its middle; of the first one, which has no step before, half a step to the left:
         \|\|\|     the first place is read at steps 1 and 2 alone, and its column at step 0 follows from these
          X X X
    """
    steps = sorted({step for of in places for step in of})
    is_told = len(places) > 1 and all(len(of) >= _TOLD for of in places)
    columns = [dict(enumerate(filled(of, steps[-1] + 1))) for of in places] if is_told else places
    return {step: _mean([of[step] for of in columns if step in of]) for step in steps}


def _mean(columns: Sequence[Fraction]) -> Fraction:
    return sum(columns, Fraction(0)) / len(columns)


def filled(known: Mapping[int, Fraction], steps: int) -> list[Fraction]:
    """Columns for all steps: those that are not known are as far apart as the others."""
    first, last = min(known), max(known)
    pitch = Fraction(1)
    if last > first:
        pitch = (known[last] - known[first]) / (last - first)
    found: list[Fraction] = []
    for step in range(steps):
        if step in known:
            found.append(known[step])
        elif step < first:
            found.append(known[first] - pitch * (first - step))
        elif step > last:
            found.append(known[last] + pitch * (step - last))
        else:
            after = min(item for item in known if item > step)
            found.append(found[-1] + (known[after] - found[-1]) / (after - step + 1))
    return found
