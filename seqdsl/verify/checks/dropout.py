"""live model + job → failure or none: what is lost while it is trained is what the picture's dropout loses.

Not a check of its own but a part of `seqdsl.verify.checks.training`. Random draws are replaced (see
`seqdsl.runtime.controlled`): then everything has one right result, down to the last digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.controlled import LOST, MARGIN, Draw, Draws, flips, summary
from seqdsl.verify.distribution import repeated
from seqdsl.verify.expected import MAIN_CASE
from seqdsl.verify.tolerance import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.expected import ExpectedDropout

PROBES = 24
"""Single numbers that are lost, one in each call."""

MOST = 12
"""The same, of one draw."""

_ANOTHER_PLACE = (
    "with dropout that keeps everything, the results differ from the picture's: a dropout is missing or "
    "extra, has a different rate, or is in a different place"
)
_NO_SINGLE = (
    "the effect of a single dropped value matches none in the picture: it is dropped in a different place, "
    "such as the other side of a layer, or together with others, or in one step instead of all"
)
_RATES_EXCHANGED = (
    "a value is dropped with the rate that the picture has in a different place: two rates are swapped, or a "
    "dropout is on the other side of a layer"
)
_ANOTHER_RATE = "dropout does not drop values at the picture's rates"

UNCONTROLLED = (
    "its dropout uses a source of randomness that cannot be replaced, so only the distribution of the results "
    "was compared, which detects rates that are off by a third"
)


def check(context: Context) -> str | None:
    """What is wrong with what is lost, if anything."""
    expected = context.expected().training.dropout
    if expected is None:
        return None
    probe = _Probe(context)
    if not probe.is_controlled():
        context.note = UNCONTROLLED
        return None
    return _at_levels(probe, expected) or _one_lost(probe, expected)


class _Probe:
    """A model whose random draws are given numbers.

    Attributes:
        flipped: the draws whose numbers are 1 - u.
    """

    def __init__(self, context: Context) -> None:
        """Take the first sample alone: then a number that is lost is lost in that sample."""
        self._context = context
        self._arrays = repeated(context.arrays(context.job.cases[MAIN_CASE]), 1)
        self.flipped: frozenset[int] = frozenset()
        self.made: list[Draw] = []

    def given(self, level: float = 0.0, other: tuple[int, int, float] | None = None) -> Array:
        """What the model gives, in summary."""
        draws = Draws(level, other, self.flipped)
        outputs = self._context.framework.call_controlled(self._context.model, self._arrays, draws)
        self.made = draws.made
        result: Array = summary(outputs)[0]
        return result

    def is_controlled(self) -> bool:
        """Whether the same numbers give the same results."""
        try:
            one, other = self.given(), self.given()
        # What cannot be called like this can perhaps be called as usual; that is tried after this.
        except Exception:
            return False
        return bool(np.array_equal(one, other, equal_nan=True))


def _same(actual: Array, expected: Array) -> bool:
    relative, absolute = limits(actual)
    far = absolute + relative * float(np.abs(expected).max(initial=0))
    return bool((np.abs(actual - expected) <= far).all())


def _at_levels(probe: _Probe, expected: ExpectedDropout) -> str | None:
    """Whether as much is dropped, and with the same rates."""
    rows = expected.at_levels.array()
    probe.given()
    # A dropout layer may lose what is low (u < rate) or what is high (u >= 1 - rate); both are right. So at level 0,
    # where all is kept, each draw is given u or 1 - u, until the results are those of the picture.
    for flipped in flips(len(probe.made)):
        probe.flipped = flipped
        if _same(probe.given(), rows[0]):
            break
    else:
        probe.flipped = frozenset()
        probe.given()
        return _otherwise(probe.made, expected, _ANOTHER_PLACE)
    for level, row in zip(expected.levels[1:], rows[1:], strict=True):
        if not _same(probe.given(level), row):
            return _otherwise(probe.made, expected, _ANOTHER_RATE)
    return None


def _otherwise(made: list[Draw], expected: ExpectedDropout, what: str) -> str:
    """What is wrong: another rate if the draws show it, or else ``what``."""
    picture = f"expected {_rates(expected.rates)}"
    if not made:
        return f"nothing is dropped, {picture}"
    rates = sorted({draw.rate for draw in made if draw.rate is not None})
    same = len(rates) == len(expected.rates) and np.allclose(rates, expected.rates, rtol=1e-6)
    return f"values are dropped with {_rates(rates)}, {picture}" if rates and not same else what


def _rates(rates: Sequence[float]) -> str:
    numbers = ", ".join(f"{rate:.4g}" for rate in rates)
    return f"the rate{'s' * (len(rates) > 1)} {numbers}"


def _one_lost(probe: _Probe, expected: ExpectedDropout) -> str | None:
    """Whether losing one number, of any that the model draws, is losing one in the picture, with the same rate."""
    if expected.one_lost is None:
        return None
    rows, rates = expected.one_lost.array(), np.array(expected.lost_rates)
    undropped = probe.given()
    timed: set[int] = set()
    for place, number in _chosen(probe.made):
        actual = probe.given(other=(place, number, LOST))
        relative, absolute = limits(actual)
        far = absolute + relative * np.abs(rows).max(initial=0)
        alike = np.abs(rows - actual).max(axis=1) <= far
        if not alike.any():
            return _NO_SINGLE
        # One number of each draw tells the rate of all. Where dropping it changes nothing, another number may show it.
        if len(expected.rates) > 1 and place not in timed and not _same(actual, undropped):
            timed.add(place)
            if not any(_has_rate(probe, (place, number), rate) for rate in set(rates[alike])):
                return _RATES_EXCHANGED
    return None


def _has_rate(probe: _Probe, number: tuple[int, int], rate: float) -> bool:
    """Whether a number stays just below the threshold of a rate, and is lost just above it."""
    # With the rate 0.2 and a margin of 1 %: kept with 0.798, lost with 0.802.
    below, above = (1 - rate * (1 + way) for way in (MARGIN, -MARGIN))
    return _same(probe.given(other=(*number, below)), probe.given()) and _same(
        probe.given(other=(*number, above)), probe.given(other=(*number, LOST))
    )


def _chosen(made: list[Draw]) -> Iterator[tuple[int, int]]:
    """Some numbers of each draw."""
    random = np.random.default_rng(3)
    places = list(range(len(made)))
    if len(places) > PROBES:
        places = sorted(map(int, random.choice(len(made), PROBES, replace=False)))
    most = max(1, min(MOST, PROBES // max(1, len(places))))
    for place in places:
        size = made[place].size
        few = random.choice(size, min(size, most), replace=False)
        yield from ((place, int(number)) for number in few)
