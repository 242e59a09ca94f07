"""live model → failure or none: ids that are drawn have the probabilities that the picture gives at a temperature.

Not a check of its own but a part of `seqdsl.verify.checks.generate`. Frameworks draw by other algorithms, so that no id
can be predicted; how often each occurs can, and the second id shows whether what was drawn is what is fed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.distribution import CERTAIN, draws, repeated
from seqdsl.verify.expected_generation import TEMPERATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.free_model import FreeModel

LIMIT = 20_000_000
"""Numbers that all samples may hold together."""

MOST, FEW = 1024, 64
"""Samples for each of which ids are drawn, and those with which seeds are tried."""

ORDINALS = ("first", "second")


def check(model: FreeModel) -> str | None:
    """What is wrong with the ids that are drawn, if anything."""
    numbers = [number for number, item in enumerate(model.expected.chances) if item is not None]
    if not numbers:
        return None
    case = model.context.job.cases[model.expected.runs[0].case]
    count = min(MOST, draws(case.values // case.batch, LIMIT))
    arrays = repeated(model.arguments(model.expected.runs[0].case), count)
    first = max(1, *(1 - item.ahead for item in model.fed))
    for number in numbers:
        if wrong := _drawn(model, number, arrays, first):
            return wrong
    chances = {number: _chances(model, number)[0, 0] for number in numbers}
    return _seeded(model, [array[:FEW] for array in arrays], first, chances)


def _chances(model: FreeModel, number: int) -> Array:
    """The probabilities of the ids of an input that is fed, (temperatures, steps, ids)."""
    chances = model.expected.chances[number]
    assert chances is not None
    return chances.array()


def _drawn(model: FreeModel, number: int, arrays: Sequence[Array], first: int) -> str | None:
    """Whether the ids of an input have the probabilities that the picture gives."""
    for temperature, steps in zip(TEMPERATURES, _chances(model, number), strict=True):
        made = model.run(arrays, first, len(steps), temperature=temperature, seed=1)[number]
        for ids, expected, which in zip(made.T, steps, ORDINALS, strict=False):
            if not is_drawn(ids, expected):
                return (
                    f"at temperature {temperature:g}, the {which} ids that are drawn do not have the probabilities of "
                    f"softmax(logits / {temperature:g})"
                )
    return None


def _seeded(
    model: FreeModel, arrays: Sequence[Array], first: int, chances: Mapping[int, Array]
) -> str | None:
    """Whether a seed draws the same again, and another one something else."""
    one, again, other = (
        model.run(arrays, first, 1, temperature=1.0, seed=seed) for seed in (1, 1, 2)
    )
    for number, expected in chances.items():
        if not np.array_equal(one[number], again[number]):
            return "the same seed draws other ids when it is used again"
        # That all are the same by chance: about the sum of squares to the power of the samples.
        differs = len(one[number]) * -np.log((expected**2).sum()) > -np.log(CERTAIN)
        if differs and np.array_equal(one[number], other[number]):
            return "another seed draws the same ids"
    return None


def is_drawn(ids: Array, chances: Array) -> bool:
    """Whether ids occur as often as probabilities say, as far as so many of them tell."""
    if ids.min() < 0 or ids.max() >= len(chances):
        return False
    found = np.bincount(ids, minlength=len(chances)) / len(ids)
    far = np.abs(found - chances) > bound(chances * (1 - chances), 1.0, len(ids))
    # What adds up over all ids shows another temperature, where no single one does: the mean of log p.
    scores = np.log(np.maximum(chances, 1e-9))
    scores -= scores @ chances
    mean, variance = found @ scores, scores**2 @ chances
    return bool(not far.any() and abs(mean) <= bound(variance, np.abs(scores).max(), len(ids)))


def bound(variance: Array, largest: float, count: int) -> Array:
    """How far a mean of so many numbers is from what is expected at most, but by chance once in 10^11 (Bernstein)."""
    # P(|mean| > t) <= 2 exp(-n t² / (2 v + 2 b t / 3)), solved for t
    log = np.log(2 / CERTAIN)
    part = largest * log / 3
    found: Array = (part + np.sqrt(part**2 + 2 * count * variance * log)) / count
    return found
