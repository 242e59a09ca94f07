"""picture + weights → how the loss of a case changes along one direction in each array of weights, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.loss import direction_in_rows, goals
from seqdsl.runtime.named_weights import trainable
from seqdsl.verify.expected import Derivatives
from seqdsl.verify.set_aside import AT_ONCE, kept_aside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.interpreted_picture import InterpretedPicture
    from seqdsl.verify.jobs import Case
    from seqdsl.verify.oracle import Training

TINY = 1e-30
"""The imaginary step of a derivative: so small that its square is nothing."""

MOST_NUMBERS = 2**25
"""Complex numbers to hold at once: half a gigabyte."""


def directional_derivatives(
    picture: InterpretedPicture,
    number: int,
    case: Case,
    inputs: Sequence[Array],
    weights: Mapping[str, Array],
    training: Training | None = None,
) -> Derivatives:
    """The derivative of the loss along one direction in each trainable array, by complex steps, many at once.

    An imaginary step i·h in a direction d gives, up to h², L(w + i·h·d) = L(w) + i·h·L'(w)·d: the real part is the
    loss, the imaginary part over h its derivative, without the cancellation of a difference of two losses (Squire
    and Trapp 1998).

    Args:
        picture: the picture.
        number: the number of the case.
        case: the case.
        inputs: the arguments in it.
        weights: the arrays by whole name.
        training: how it is to be computed as in training; default: as in inference.
    """
    names = trainable(picture.layers)
    most = max(1, MOST_NUMBERS // max(1, sum(array.size for array in weights.values())))
    aims = goals(case.outputs)
    loss = 0.0
    values: list[tuple[str, float]] = []
    # Without weights there is a loss all the same.
    for start in range(0, max(1, len(names)), most):
        part = names[start : start + most]
        copies = _perturbed(weights, part) if part else weights
        lead = (len(part),) if part else ()
        outputs = picture.walk(case, inputs, copies, lead, training).outputs()
        total = sum(
            _distance(output, goal, lead) for output, goal in zip(outputs, aims, strict=True)
        )
        # Before the next ones are made, which are as large.
        del copies
        loss = float(np.ravel(total.real)[0])
        # Without weights there is one loss, and no name to pair it with: hence not strict.
        values += zip(part, map(float, np.ravel(total.imag) / TINY), strict=False)
    return Derivatives(number, loss, tuple(values))


def _distance(output: Array, goal: Array, lead: tuple[int, ...]) -> Array:
    whole = np.broadcast_to(output, (*lead, *goal.shape))
    distance: Array = ((whole - goal) ** 2).mean(axis=tuple(range(len(lead), whole.ndim)))
    return distance


def _perturbed(weights: Mapping[str, Array], names: Sequence[str]) -> dict[str, Array]:
    """So many copies of all weights, in each of which one array has an imaginary step added."""
    alone = len(names) == 1
    if alone and weights[names[0]].size > AT_ONCE:
        stepped = _stepped_aside(names[0], weights[names[0]])
        if stepped is not None:
            others = {name: _led(array)[None] for name, array in weights.items()}
            return {**others, names[0]: stepped}
    perturbed = {
        # Of large weights there is one copy at a time, in which all other arrays can stay as they are.
        name: _led(array)[None] if alone and name not in names else _stacked(array, len(names))
        for name, array in weights.items()
    }
    for place, name in enumerate(names):
        imaginary = perturbed[name].imag[place].reshape(weights[name].shape)
        for rows, step in direction_in_rows(name, weights[name]):
            imaginary[rows] = step * TINY
    return perturbed


def _stepped_aside(name: str, array: Array) -> Array | None:
    """A large array with its imaginary step, in a file; nothing where there is no room for it."""
    steps = direction_in_rows(name, array)
    rows = (array[place] + 1j * (step * TINY) for place, step in steps)
    return kept_aside((1, *_led(array).shape), complex, rows)


def _led(array: Array) -> Array:
    # A bias (units,) needs an axis for the batch between: (copies, 1, units).
    return array if array.ndim > 1 else array[None]


def _stacked(array: Array, count: int) -> Array:
    one = _led(array)
    stacked = np.empty((count, *one.shape), complex)
    # In place: a real array on the way would be a third copy of large weights.
    stacked[:] = one
    return stacked
