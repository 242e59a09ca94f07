r"""columns of what steps read → columns of the steps: over the middle of windows, and evenly where nothing is read."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TOLD = 2
"""So many steps tell how far apart those are that are not there."""


def is_rising(columns: Sequence[Fraction]) -> bool:
    """Whether each column is right of the one before."""
    return all(left < right for left, right in pairwise(columns))


# U U U    a window stands over its middle; of the first one, which has no step before, half a step to the left
#  \|\|\|
#   X X X
def middles(places: Sequence[Mapping[int, Fraction]]) -> dict[int, Fraction]:
    """The middle of what each step reads of a block, by its places side by side."""
    steps = sorted({step for of in places for step in of})
    if len(places) == 1 or any(len(of) < _TOLD for of in places):
        read = {step: [of[step] for of in places if step in of] for step in steps}
    else:
        whole = [filled(of, steps[-1] + 1) for of in places]
        read = {step: [of[step] for of in whole] for step in steps}
    return {step: sum(of, Fraction(0)) / len(of) for step, of in read.items()}


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
