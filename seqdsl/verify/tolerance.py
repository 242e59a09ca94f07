"""numbers → equal or not: how near two computations of the same thing must come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seqdsl.runtime.named_weights import Array

DOUBLE = 1e-6, 1e-9
"""Relative to the largest number, and absolute: of sums in another order, and of frameworks that keep a constant
in single precision (Keras: the scale of multi-head attention, ``gelu``)."""

SINGLE = 1e-3, 1e-4
"""The same of models that insist on single precision."""


NOTHING = 1e-14
"""As good as zero: what is left of numbers that were added to 1, as in ``elu`` and ``softplus``."""


def limits(array: Array) -> tuple[float, float]:
    """The tolerances for a result."""
    return DOUBLE if array.dtype == np.float64 else SINGLE


def close(actual: Array, expected: Array, relative: float, absolute: float) -> NDArray[np.bool_]:
    """Where two arrays are equal; what is not finite is not."""
    far = absolute + relative * largest(expected)
    # An expected infinity would have everything near it.
    near: NDArray[np.bool_] = (np.abs(actual - expected) <= far) & bool(np.isfinite(far))
    return near & np.isfinite(actual)


def alike(actual: Array, expected: Array) -> NDArray[np.bool_]:
    """Where two results are equal: the absolute limit is of results of size 1 and more, less where all of it is less.

    A result that is tiny as a whole, as a product of many numbers is, has all its digits; a derivative need not, for
    what it is the sum of may be large.
    """
    relative, absolute = limits(actual)
    # Largest 1,000: within 1e-6 * 1,000 + 1e-9. Largest 1e-6: within 1e-12 + 1e-15 + 1e-14.
    return close(actual, expected, relative, absolute * min(1, largest(expected)) + NOTHING)


def largest(array: Array) -> float:
    """The largest number without its sign."""
    # Without `abs`, which would make another array of it.
    return max(float(np.max(array, initial=0)), -float(np.min(array, initial=0)))
