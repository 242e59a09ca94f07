"""ports + case → arrays: random values to call a model with, the same in every process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.verify.frameworks import Array
    from seqdsl.verify.jobs import Case, Port


def arrays_for(ports: Sequence[Port], case: Case, seed: int = 0) -> list[Array]:
    """One array for each of ``ports``, in the shapes of ``case``.

    Real values are normally distributed, token ids uniform over the vocabulary.
    """
    random = np.random.default_rng(seed)
    return [_array(random, port, shape) for port, shape in zip(ports, case.inputs, strict=True)]


def _array(random: np.random.Generator, port: Port, shape: tuple[int, ...]) -> Array:
    if port.vocabulary is None:
        return random.standard_normal(shape).astype(port.dtype)
    return random.integers(port.vocabulary, size=shape).astype(port.dtype)
