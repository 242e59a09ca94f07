"""what a picture computes while it is trained: with random dropout, and normalized by the statistics of the batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.verify.oracle.functions import Array


class Masks(Protocol):
    """Which numbers are lost, instead of random ones."""

    def keep(self, shape: tuple[int, ...], rate: float) -> Array:
        """What is kept of the next numbers, (..., batch, features)."""


@dataclass(frozen=True, slots=True)
class Training:
    """A walk as in training.

    Attributes:
        random: the source of randomness.
        rates: the model's parameters by name, for rates that are given by one.
        moving: whether batch normalization uses its moving statistics, not those of the batch.
        apart: whether each direction of a bidirectional row has a mask of its own; the language leaves it open.
        masks: which numbers are lost, where that is not random.
    """

    random: np.random.Generator
    rates: Mapping[str, float]
    moving: bool = False
    apart: bool = False
    masks: Masks | None = None


def dropped(training: Training, values: Sequence[Array], rate: float) -> list[Array]:
    """Srivastava et al. 2014: each number lost by itself, the others larger so that the mean stays."""
    return [value * _mask(training, value.shape, rate) for value in values]


def dropped_alike(training: Training, values: Sequence[Array], rate: float) -> list[Array]:
    """Gal and Ghahramani 2016: in all steps the same features are lost."""
    mask = _mask(training, np.broadcast_shapes(*(value.shape for value in values)), rate)
    return [value * mask for value in values]


def _mask(training: Training, shape: tuple[int, ...], rate: float) -> Array:
    # Inverted dropout, as Keras and PyTorch have it: what stays is scaled up here, and nothing in inference.
    return drawn_mask(training, shape, rate) / (1 - rate)


def drawn_mask(training: Training, shape: tuple[int, ...], rate: float) -> Array:
    """Which numbers are kept."""
    if training.masks:
        return training.masks.keep(shape, rate)
    return training.random.random(shape) >= rate


@dataclass(frozen=True, slots=True)
class AtLevel:
    """Everything is kept below a rate's threshold, and lost from there on."""

    level: float

    def keep(self, shape: tuple[int, ...], rate: float) -> Array:
        """All or nothing."""
        return np.full(shape, self.level < 1 - rate)


@dataclass(slots=True)
class OneLost:
    """Each sample of a batch loses one number, all others are kept.

        numbers drawn   0 1 2 | 3 4 5     two steps of three features
        sample 0        x . . | . . .
        sample 1        . x . | . . .
        sample 3        . . . | x . .

    Attributes:
        first: the number that the first sample loses.
        rates: with which rate each number is lost; those that can never be lost are none.
    """

    first: int = 0
    rates: list[float] = field(default_factory=list)

    def keep(self, shape: tuple[int, ...], rate: float) -> Array:
        """What is kept of the next numbers."""
        mask = np.ones(shape, bool)
        if rate > 0:
            batch, width = shape[-2:]
            rows = np.arange(batch)
            columns = rows + self.first - len(self.rates)
            here = (columns >= 0) & (columns < width)
            mask[..., rows[here], columns[here]] = False
            self.rates += [rate] * width
        return mask


class Statistics(NamedTuple):
    """The mean and the variance of each feature over the batch and all steps, and of how many numbers."""

    mean: Array
    variance: Array
    number: int


def batch_statistics(values: Sequence[Array]) -> Statistics:
    """What batch normalization computes of a batch."""
    # (steps, ..., batch, features): over the steps and the batch, which keeps an axis of length 1 to broadcast.
    whole = np.stack(np.broadcast_arrays(*values))
    mean = whole.mean((0, -2))[..., None, :]
    variance = ((whole - mean) ** 2).mean((0, -2))[..., None, :]
    return Statistics(mean, variance, len(whole) * whole.shape[-2])


MOMENTUM = 0.9
"""The share of the moving statistics that stays in each batch, where a picture says nothing."""


def updated_statistics(
    batch: Statistics, mean: Array, variance: Array, momentum: float
) -> list[Array]:
    """The moving statistics after a batch: the mean, and the variance in both ways to count.

    Keras divides the sum of squares by the count n, PyTorch by n - 1.
    """
    # The momentum is Keras's: the share of the old. PyTorch's argument of that name is the share of the new.
    unbiased = batch.variance * (batch.number / max(1, batch.number - 1))
    pairs = (mean, batch.mean), (variance, batch.variance), (variance, unbiased)
    return [momentum * old + (1 - momentum) * new.reshape(old.shape) for old, new in pairs]
