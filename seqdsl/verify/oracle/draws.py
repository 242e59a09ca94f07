"""training → the same training again: what was lost in one round of a loop is lost in all others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from seqdsl.verify.oracle.functions import Array
    from seqdsl.verify.oracle.training import Training


class Draws:
    """What was drawn so far, in order.

    round 1    draws a, b, c      round 2    is given a, b, c again
    """

    def __init__(self, training: Training) -> None:
        """Begin with nothing drawn."""
        self._training = training
        self._drawn: list[Array] = []
        self._next = 0

    @staticmethod
    def of(training: Training | None) -> Draws | None:
        """What is drawn in a training; nothing in inference."""
        return None if training is None else Draws(training)

    def again(self) -> Training:
        """The training from the first draw on."""
        self._next = 0
        return replace(self._training, masks=self)

    def keep(self, shape: tuple[int, ...], rate: float) -> Array:
        """What is kept of the next numbers, as in the first round."""
        if self._next == len(self._drawn):
            self._drawn.append(self._draw(shape, rate))
        self._next += 1
        return np.broadcast_to(self._drawn[self._next - 1], shape)

    def _draw(self, shape: tuple[int, ...], rate: float) -> Array:
        if self._training.masks is not None:
            return self._training.masks.keep(shape, rate)
        return self._training.random.random(shape) >= rate
