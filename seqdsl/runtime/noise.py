"""how many → the numbers that samples are drawn by while models are compared: the same in all frameworks.

What is drawn is a function of what is read and of noise, one number for each feature::

    sample            argmax(log p + g)        g: Gumbel numbers, as many as ids
    sample(normal)    mean + deviation * z     z: normal numbers, as many as values

The numbers depend on the feature alone, neither on the sample nor on the step: so a model gives the same for a
sample in whichever batch and piece, and in whichever order it draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_SEED = 20

_CLOSE = 0.3
"""Gumbel numbers this close together are as possible as any, and leave it to what is read which id is drawn."""


def gumbel_noise(count: int) -> Array:
    """Gumbel numbers of so many ids."""
    return _CLOSE * np.random.default_rng(_SEED).gumbel(size=count)


def normal_noise(count: int) -> Array:
    """Normal numbers of so many values."""
    return np.random.default_rng(_SEED).standard_normal(count)
