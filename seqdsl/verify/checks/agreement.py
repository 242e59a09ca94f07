"""live model + job → failure or none: with the same weights, the same outputs and the same gradients.

Gradients are held against exact derivatives of the picture along one random direction in each array of
weights; and what a framework finds is left behind, to be held against what others find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.loss import direction, goals
from seqdsl.verify.proof import SLOPED
from seqdsl.verify.tolerance import close

if TYPE_CHECKING:
    from seqdsl.verify.checks import Context

DOUBLE, SINGLE = (1e-5, 1e-7), (1e-2, 1e-3)
"""Relative and absolute, of a gradient in double and in single precision."""


def check(context: Context) -> str | None:
    """What is wrong with the gradients, if anything."""
    proof, job = context.proof(), context.job
    case = job.cases[SLOPED]
    context.gradients = loss, gradients = context.framework.gradients(
        context.model, context.layers, context.arrays(case), goals(case.outputs)
    )
    slopes = {name: _along(name, gradient) for name, gradient in gradients.items()}
    context.figures = (
        loss,
        *(
            float(np.vdot(direction(str(place), output.shape), output))
            for place, case in enumerate(job.cases)
            for output in context.outputs(case)
        ),
        *(slopes.get(name, 0.0) for name, _ in proof.slopes),
    )
    double = next(iter(gradients.values())).dtype == np.float64 if gradients else True
    relative, absolute = DOUBLE if double else SINGLE
    for name, expected in proof.slopes:
        found = slopes.get(name, 0.0)
        if not close(np.asarray(found), np.asarray(expected), relative, absolute):
            return (
                f"the gradient of `{name}` differs: along one direction the loss rises by {found:.6g}, "
                f"in the picture by {expected:.6g} ({case})"
            )
    return None


def _along(name: str, gradient: object) -> float:
    array = np.asarray(gradient)
    return float(np.vdot(direction(name, array.shape), array))
