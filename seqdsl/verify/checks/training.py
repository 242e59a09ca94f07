"""live model + job → failure or none: every weight that the wires use is learnt, and learning lowers the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.loss import goals
from seqdsl.verify.proof import SLOPED

if TYPE_CHECKING:
    from seqdsl.verify.checks import Context
    from seqdsl.verify.weights import Array

STEPS = 3
"""Steps of plain gradient descent."""

SHARES = (2e-2, 1e-3, 1e-5, 1e-7)
"""The part of the loss that each step would take away if the loss were a plane; less where it is steep."""

FLAT = 1e-6
"""A slope, beside the loss, below which there is as good as none in the picture itself."""


def check(context: Context) -> str | None:
    """What is wrong with learning, if anything."""
    proof, job = context.proof(), context.job
    case = job.cases[SLOPED]
    arrays, wanted = context.arrays(case), goals(case.outputs)
    if not proof.slopes:
        return None
    if context.gradients is None:
        context.gradients = context.framework.gradients(
            context.model, context.layers, arrays, wanted
        )
    first, gradients = context.gradients
    used = [name for name, slope in proof.slopes if abs(slope) > FLAT * first]
    wrong = _dead(gradients, used)
    if wrong or not used:
        return wrong
    square = sum(float(np.vdot(gradient, gradient)) for gradient in gradients.values())
    weights = context.framework.read(context.model, context.layers)
    for share in SHARES:
        context.framework.write(context.model, context.layers, weights)
        losses = context.framework.descend(
            context.model, context.layers, arrays, wanted, share * first / square, STEPS
        )
        if losses[-1] < first:
            break
    else:
        return (
            f"{STEPS} steps of gradient descent take the loss from {first:.6g} to {losses[-1]:.6g}"
        )
    context.figures = (first, *losses)
    # Last, as it changes what batch normalization keeps.
    _, gradients = context.framework.gradients(
        context.model, context.layers, arrays, wanted, training=True
    )
    return _dead(gradients, [])


def _dead(gradients: dict[str, Array], used: list[str]) -> str | None:
    for name, gradient in gradients.items():
        if not np.isfinite(gradient).all():
            return f"the gradient of `{name}` is not finite"
    for name in used:
        if name not in gradients or not gradients[name].any():
            return f"`{name}` has no gradient, though the loss depends on it"
    return None
