"""a model's random draws → numbers of ours: what dropout does, without any randomness.

Dropout keeps a number where a uniform random number is below 1 - rate. With the same number for all draws (a *level*),
what a model gives is predicted exactly:

    level     0 ........ 1 - rate ........ 1
    dropout     keeps all         loses all

and so is what it gives where a single number is lost and no other. Neither depends on the shapes in which a
model draws, or on the order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from seqdsl.runtime.noise import normal_noise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.runtime.named_weights import Array

MARGIN = 0.01
"""How far from its threshold, beside the rate, a level is: another rate shows from there on."""

MOST_RATES = 8
"""Rates of a picture whose thresholds are tried."""

SUMMARY = 32
"""Numbers that are compared of each result; of more, as many random sums of them."""

LOST = 1 - 2**-40
"""A uniform random number for which dropout of any rate loses something."""

MOST_FLIPPED = 5
"""Draws of which each may lose what is low, not what is high; of more, all of them or none."""


def levels(rates: Sequence[float]) -> list[float]:
    """The levels to try: at 0 nothing is lost, then one on either side of each threshold."""
    chosen = sorted(set(rates))[:MOST_RATES]
    return [0.0, *(1 - rate * (1 + way) for rate in chosen for way in (MARGIN, -MARGIN))]


def summary(outputs: Sequence[Array]) -> Array:
    """What is compared of results: for each sample a row of at most `SUMMARY` numbers."""
    whole = np.concatenate([output.reshape(len(output), -1) for output in outputs], 1)
    width = whole.shape[1]
    if width <= SUMMARY:
        return whole
    random = np.random.default_rng(crc32(b"summary"))
    # A random sum shows a change of any number; divided by √width, it is about as large as one of them.
    mixture = random.standard_normal((width, SUMMARY)) / np.sqrt(width)
    sums: Array = whole @ mixture.astype(whole.dtype)
    return sums


@dataclass(frozen=True, slots=True)
class Draw:
    """What a model drew at once.

    Attributes:
        size: how many numbers.
        rate: how many of them are lost, if the call says so.
    """

    size: int
    rate: float | None


@dataclass(slots=True)
class Draws:
    """The uniform numbers that a model is given instead of random ones, in the order in which it asks for them.

    Attributes:
        level: the number.
        other: of which draw which number is another one.
        flipped: the draws whose numbers are 1 - u, as what they lose is low.
        made: what was drawn.
    """

    level: float = 0.0
    other: tuple[int, int, float] | None = None
    flipped: frozenset[int] = frozenset()
    made: list[Draw] = field(default_factory=list)

    def uniform(self, shape: Sequence[int], rate: float | None = None) -> Array:
        """The numbers of the next draw; where ``rate`` is given, u < 1 - rate must be kept."""
        place = len(self.made)
        numbers = np.full(tuple(shape), self.level)
        if self.other and self.other[0] == place:
            _, number, value = self.other
            numbers.flat[number % max(1, numbers.size)] = value
        self.made.append(Draw(numbers.size, rate))
        # nextafter: 1 - 0 would be 1, and a uniform number is below 1.
        return np.nextafter(1 - numbers, 0) if place in self.flipped else numbers


def normal(shape: Sequence[int]) -> Array:
    """Instead of normally distributed numbers: those that samples are drawn by, as no dropout needs any."""
    return np.broadcast_to(normal_noise(shape[-1]) if shape else normal_noise(1)[0], tuple(shape))


def flips(draws: int) -> Iterator[frozenset[int]]:
    """Which draws may be those that lose what is low; none of them first."""
    # Of two draws: none, the second, the first, both; 2 ** 5 = 32 ways at most.
    if draws > MOST_FLIPPED:
        yield from (frozenset(), frozenset(range(draws)))
        return
    for chosen in product((False, True), repeat=draws):
        yield frozenset(place for place, flipped in enumerate(chosen) if flipped)
