"""outputs → loss: what every framework learns while it is checked, the same numbers in every process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.runtime.named_weights import Array


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
    # Not `hash`, which of texts and bytes differs from process to process.
    return np.random.default_rng(crc32(name.encode())).standard_normal(shape)
