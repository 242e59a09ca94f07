"""live model + job → failure or none: with the same weights, the same outputs and the same gradients.

Gradients are compared with exact derivatives of the picture along one random direction in each array of
weights; and a framework leaves summary values behind, to be compared with those of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.loss import direction, direction_in_rows, goals
from seqdsl.targets import find
from seqdsl.verify.expected import MAIN_CASE
from seqdsl.verify.set_aside import put_aside
from seqdsl.verify.tolerance import close

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.checks.context import Context, Gradients
    from seqdsl.verify.expected import Derivatives

DOUBLE, SINGLE = (1e-5, 1e-7), (1e-2, 1e-3)
"""Relative and absolute, of a gradient in double and in single precision."""


def check(context: Context) -> str | None:
    """What is wrong with the gradients, if anything."""
    job = context.job
    context.summary_values = tuple(
        float(np.vdot(direction(str(place), output.shape), output))
        for place, case in enumerate(job.cases)
        for output in context.outputs(case)
    )
    if not find(job.target).trains:
        return None
    for expected in context.expected().derivatives:
        actual = derive(context, expected.case)
        if expected.case == MAIN_CASE:
            context.gradients = (actual[0], put_aside(actual[1]))
        context.summary_values += summary_values(actual, expected)
        wrong = differs(actual, expected)
        if wrong:
            return f"{wrong} ({job.cases[expected.case]})"
    return None


def derive(context: Context, number: int, *, training: bool = False) -> Gradients:
    """The loss of a case, and its gradient by each array."""
    case = context.job.cases[number]
    arrays, aims = context.arrays(case), goals(case.outputs)
    with context.drawn():
        return context.framework.gradients(
            context.model, context.layers, arrays, aims, training=training
        )


def summary_values(actual: Gradients, expected: Derivatives) -> tuple[float, ...]:
    """The loss, and how it changes along one direction in each array."""
    loss, gradients = actual
    return (loss, *(_along(name, gradients) for name, _ in expected.values))


def differs(actual: Gradients, expected: Derivatives) -> str | None:
    """What is wrong with a loss or its gradients, if anything."""
    loss, gradients = actual
    double = all(gradient.dtype == np.float64 for gradient in gradients.values())
    limits = DOUBLE if double else SINGLE
    if not close(np.asarray(loss), np.asarray(expected.loss), *limits):
        return f"the loss is {loss:.6g}, expected {expected.loss:.6g}"
    for name, derivative in expected.values:
        derivative_here = _along(name, gradients)
        if not close(np.asarray(derivative_here), np.asarray(derivative), *limits):
            return (
                f"the gradient of `{name}` differs: a directional derivative of the loss is {derivative_here:.6g}, "
                f"expected {derivative:.6g}"
            )
    return None


def _along(name: str, gradients: Mapping[str, Array]) -> float:
    if name not in gradients:
        return 0.0
    # d/dt L(w + t d) at 0 is the sum over d * dL/dw: one number for each array, whatever its layout in the framework.
    array = np.asarray(gradients[name])
    return sum(float(np.vdot(part, array[rows])) for rows, part in direction_in_rows(name, array))
