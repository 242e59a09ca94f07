"""what a picture computes while it is trained: chance in dropout, the batch's own statistics in batch normalization."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.verify.reference.functions import Array


@dataclass(frozen=True, slots=True)
class Training:
    """A walk as in training.

    Attributes:
        random: where chance comes from.
        rates: the model's parameters by name, for rates that are given by one.
        kept: whether batch normalization uses the statistics that it keeps, not those of the batch.
        apart: whether each direction of a two-way row has a mask of its own; the language leaves it open.
    """

    random: np.random.Generator
    rates: Mapping[str, float]
    kept: bool = False
    apart: bool = False


def dropped(training: Training, values: Sequence[Array], rate: float) -> list[Array]:
    """Srivastava et al. 2014: each number lost by itself, the others larger so that the mean stays."""
    return [value * _mask(training, value.shape, rate) for value in values]


def dropped_alike(training: Training, values: Sequence[Array], rate: float) -> list[Array]:
    """Gal and Ghahramani 2016: in all steps the same features are lost."""
    mask = _mask(training, np.broadcast_shapes(*(value.shape for value in values)), rate)
    return [value * mask for value in values]


def _mask(training: Training, shape: tuple[int, ...], rate: float) -> Array:
    return (training.random.random(shape) >= rate) / (1 - rate)


def batch_statistics(values: Sequence[Array]) -> tuple[Array, Array]:
    """The mean and the variance of each feature over the batch and all steps."""
    whole = np.stack(np.broadcast_arrays(*values))
    mean = whole.mean((0, -2))[..., None, :]
    return mean, ((whole - mean) ** 2).mean((0, -2))[..., None, :]
