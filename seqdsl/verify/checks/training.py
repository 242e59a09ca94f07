"""live model + job → failure or none: every weight that the wires use is learnt, and learning lowers the loss.

Plain gradient descent on one batch, by the named arrays that all frameworks share: what PyTorch keeps in two
biases learns no faster than what Keras keeps in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.loss import goals
from seqdsl.verify.proof import SLOPED

if TYPE_CHECKING:
    from seqdsl.verify.checks import Context
    from seqdsl.verify.weights import Array

STEPS = 2

SHARES = (2e-2, 1e-3, 1e-5, 1e-7)
"""The part of the loss that each step would take away if the loss were a plane; less where it is steep."""

FLAT = 1e-6
"""A slope, beside the loss, below which there is as good as none in the picture itself."""


def check(context: Context) -> str | None:
    """What is wrong with learning, if anything."""
    proof = context.proof()
    if not proof.slopes:
        return None
    first, gradients = context.gradients or _slope(context)
    used = [name for name, slope in proof.slopes if abs(slope) > FLAT * first]
    wrong = _dead(gradients, used)
    if wrong or not used:
        return wrong
    weights = context.framework.read(context.model, context.layers)
    square = sum(float(np.vdot(gradient, gradient)) for gradient in gradients.values())
    for share in SHARES:
        losses = _descend(context, weights, gradients, share * first / square)
        if losses[-1] < first:
            break
    else:
        context.framework.write(context.model, context.layers, weights)
        return (
            f"{STEPS} steps of gradient descent take the loss from {first:.6g} to {losses[-1]:.6g}"
        )
    context.figures = (first, *losses)
    # Last, as it changes what batch normalization keeps.
    return _dead(_slope(context, training=True)[1], [])


def _slope(context: Context, *, training: bool = False) -> tuple[float, dict[str, Array]]:
    case = context.job.cases[SLOPED]
    arrays, wanted = context.arrays(case), goals(case.outputs)
    return context.framework.gradients(
        context.model, context.layers, arrays, wanted, training=training
    )


def _descend(
    context: Context, weights: dict[str, Array], gradients: dict[str, Array], rate: float
) -> list[float]:
    """The losses after each step."""
    losses = []
    for _ in range(STEPS):
        weights = {
            name: array - rate * gradients[name] if name in gradients else array
            for name, array in weights.items()
        }
        context.framework.write(context.model, context.layers, weights)
        loss, gradients = _slope(context)
        losses.append(loss)
    return losses


def _dead(gradients: dict[str, Array], used: list[str]) -> str | None:
    for name, gradient in gradients.items():
        if not np.isfinite(gradient).all():
            return f"the gradient of `{name}` is not finite"
    for name in used:
        if name not in gradients or not gradients[name].any():
            return f"`{name}` has no gradient, though the loss depends on it"
    return None
