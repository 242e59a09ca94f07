"""ports + case → arrays: random values to call a model with, the same in every process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.jobs import BATCHES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.verify.frameworks import Array
    from seqdsl.verify.jobs import Case, Port


def arrays_for(ports: Sequence[Port], case: Case, seed: int = 0) -> list[Array]:
    """One array for each of ``ports``, in the shapes of ``case``.

    Real values are normally distributed, token ids uniform over the vocabulary, the first and the last id among
    them. Padding stands only where the case asks for it, behind at least one real step; the largest batch has steps
    of zeros that are none.
    """
    random = np.random.default_rng(seed)
    return [
        _array(random, port, shape, case.padded)
        for port, shape in zip(ports, case.inputs, strict=True)
    ]


def _array(random: np.random.Generator, port: Port, shape: tuple[int, ...], padded: bool) -> Array:
    array = values_for(random, port, shape)
    if port.vocabulary is not None:
        array.flat[0] = 1 if port.padding and port.vocabulary > 1 else 0
        array.flat[-1] = port.vocabulary - 1
    elif not port.padding and len(shape) > 2 and shape[0] == max(BATCHES):
        array[0, -1] = array[1, 0] = 0
    if padded and port.padding and len(shape) > 1:
        lengths = random.integers(1, shape[1] + 1, size=shape[0])
        # One sample is as long as can be, one as short.
        lengths[:2] = shape[1], 1
        array[np.arange(shape[1]) >= lengths[:, None]] = 0
    return array


def values_for(random: np.random.Generator, port: Port, shape: tuple[int, ...]) -> Array:
    """Values that an input can have, none of them padding."""
    if port.vocabulary is None:
        return random.standard_normal(shape).astype(port.dtype)
    least = 1 if port.padding and port.vocabulary > 1 else 0
    return random.integers(least, port.vocabulary, size=shape).astype(port.dtype)
