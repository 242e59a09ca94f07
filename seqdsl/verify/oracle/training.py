"""what a picture computes while it is trained: chance in dropout, the batch's own statistics in batch normalization."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.verify.oracle.functions import Array


class Masks(Protocol):
    """What is lost, instead of what chance has it."""

    def kept(self, shape: tuple[int, ...], rate: float) -> Array:
        """What is kept of the next numbers, (..., batch, features)."""


@dataclass(frozen=True, slots=True)
class Training:
    """A walk as in training.

    Attributes:
        random: where chance comes from.
        rates: the model's parameters by name, for rates that are given by one.
        kept: whether batch normalization uses the statistics that it keeps, not those of the batch.
        apart: whether each direction of a bidirectional row has a mask of its own; the language leaves it open.
        masks: what is lost, where it is not for chance to say.
    """

    random: np.random.Generator
    rates: Mapping[str, float]
    kept: bool = False
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
    if training.masks:
        return training.masks.kept(shape, rate) / (1 - rate)
    return (training.random.random(shape) >= rate) / (1 - rate)


@dataclass(frozen=True, slots=True)
class AtLevel:
    """Everything is kept below a rate's threshold, and lost from there on."""

    level: float

    def kept(self, shape: tuple[int, ...], rate: float) -> Array:
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

    def kept(self, shape: tuple[int, ...], rate: float) -> Array:
        """What is kept of the next numbers."""
        kept = np.ones(shape, bool)
        if rate > 0:
            batch, width = shape[-2:]
            rows = np.arange(batch)
            columns = rows + self.first - len(self.rates)
            here = (columns >= 0) & (columns < width)
            kept[..., rows[here], columns[here]] = False
            self.rates += [rate] * width
        return kept


class Statistics(NamedTuple):
    """The mean and the variance of each feature over the batch and all steps, and of how many numbers."""

    mean: Array
    variance: Array
    number: int


def batch_statistics(values: Sequence[Array]) -> Statistics:
    """What batch normalization finds of a batch."""
    whole = np.stack(np.broadcast_arrays(*values))
    mean = whole.mean((0, -2))[..., None, :]
    variance = ((whole - mean) ** 2).mean((0, -2))[..., None, :]
    return Statistics(mean, variance, len(whole) * whole.shape[-2])


MOMENTUM = 0.9
"""The share of the kept statistics that stays in each batch, where a picture says nothing."""


def kept(found: Statistics, mean: Array, variance: Array, momentum: float) -> list[Array]:
    """What is kept of a batch: the mean, and the variance in both ways to count.

    Keras divides the sum of squares by the count n, PyTorch by n - 1.
    """
    unbiased = found.variance * (found.number / max(1, found.number - 1))
    pairs = (mean, found.mean), (variance, found.variance), (variance, unbiased)
    return [momentum * old + (1 - momentum) * new.reshape(old.shape) for old, new in pairs]
