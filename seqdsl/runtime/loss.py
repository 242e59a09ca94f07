"""outputs → loss: what every framework learns while it is checked, the same numbers in every process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.runtime.named_weights import Array

_AT_ONCE = 2**20
"""Numbers of a direction that are made at once."""


def goals(shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """What the outputs are drawn towards."""
    random = np.random.default_rng(crc32(b"goals"))
    return [random.standard_normal(shape) for shape in shapes]


def loss(outputs: Sequence[Any], targets: Sequence[Any], mean: Callable[[Any], Any]) -> Any:
    """The sum of the mean square distances from ``targets``, for tensors of the framework of ``mean``."""
    parts = [mean((output - goal) ** 2) for output, goal in zip(outputs, targets, strict=True)]
    return sum(parts[1:], parts[0])


def direction(name: str, shape: tuple[int, ...]) -> Array:
    """A direction in which an array of weights is moved."""
    return _numbers(name).standard_normal(shape)


def direction_in_rows(name: str, array: Array) -> Iterator[tuple[slice | tuple[()], Array]]:
    """The same direction, some rows of the array at a time: the whole of it would be as large as the array.

    ::

        slice(0, 2)    . . .
                       . . .
        slice(2, 3)    . . .      the last rows may be fewer
    """
    random = _numbers(name)
    if not array.shape:
        yield (), np.asarray(random.standard_normal())
        return
    count = max(1, _AT_ONCE * len(array) // max(1, array.size))
    for start in range(0, len(array), count):
        rows = slice(start, start + count)
        yield rows, random.standard_normal(array[rows].shape)


def _numbers(name: str) -> np.random.Generator:
    # Not `hash`, which of texts and bytes differs from process to process.
    return np.random.default_rng(crc32(name.encode()))
