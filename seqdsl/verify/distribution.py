"""what a model gives in training, many times over → samples, and whether two sets of them come from one distribution.

Where dropout has a part in the results, no number can be predicted, but how the numbers are spread can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.named_weights import Array

DRAWS = 4096
"""Samples of one batch; fewer if they would hold too many numbers."""

SINGLES, MIXTURES = 48, 4
"""Numbers of the results that are looked at, and random sums of all of them, which tell what goes together."""

CERTAIN = 1e-11
"""How rarely two sets of samples of one distribution are taken for different, for each number that is looked at."""


def draws(values: int, limit: int) -> int:
    """How many samples there are to be, of ``values`` numbers each."""
    return int(min(DRAWS, max(1, limit // max(1, values))))


def repeated(arrays: Sequence[Array], count: int) -> list[Array]:
    """A batch of copies of the first sample."""
    return [np.repeat(array[:1], count, axis=0) for array in arrays]


def samples(outputs: Sequence[Array]) -> Array:
    """What is looked at, of the results for a batch of copies: a row for each number, in ascending order."""
    whole = np.concatenate([output.reshape(len(output), -1) for output in outputs], 1)
    random = np.random.default_rng(crc32(b"samples"))
    width = whole.shape[1]
    chosen = np.sort(random.choice(width, min(width, SINGLES), replace=False))
    mixtures = random.standard_normal((width, MIXTURES)) / np.sqrt(width)
    return np.sort(np.concatenate([whole[:, chosen], whole @ mixtures], 1).T, axis=1)


def distance(one: Array, other: Array, error: float) -> float:
    """How far two distributions are from each other (Kolmogorov and Smirnov): 0 to 1.

    Args:
        one: samples of the first in ascending order.
        other: of the second.
        error: by how much a number may be off.
    """

    def beyond(left: Array, right: Array) -> float:
        # Where as many of the left ones as possible are below, and of the right ones as few.
        below = np.searchsorted(left, left, "right") / len(left)
        return float((below - np.searchsorted(right, left + error, "right") / len(right)).max())

    return max(beyond(one, other), beyond(other, one), 0.0)


def limit(one: int, other: int) -> float:
    """The distance beyond which two sets of so many samples are not of one distribution."""
    # P(distance > d) is about 2 exp(-2 d² n m / (n + m)), solved for d: 0.08 for 4,096 samples each.
    return float(np.sqrt(-np.log(CERTAIN / 2) / 2 * (one + other) / (one * other)))
