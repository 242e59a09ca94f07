"""live model + job → failure or none: weights are trained, the loss falls, dropout and statistics do their part.

Plain gradient descent on one batch, by the named arrays that all frameworks share: what PyTorch keeps in two
biases learns no faster than what Keras keeps in one. Then the model is called as in training: where no dropout has a
part in it, the results are predicted; where one has, it must be spread as in the picture, and be that of the picture
where all that is random is given other numbers (see `seqdsl.verify.checks.dropout`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.loss import goals, loss
from seqdsl.runtime.named_weights import in_pieces, trainable
from seqdsl.runtime.settings import certain
from seqdsl.verify import distribution
from seqdsl.verify.checks import dropout
from seqdsl.verify.checks.agreement import derive, differs
from seqdsl.verify.checks.reference import differing
from seqdsl.verify.expected import MAIN_CASE
from seqdsl.verify.set_aside import moved_aside, read_aside, write_all
from seqdsl.verify.tolerance import close, limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.checks.context import Context

STEPS = 2

SHARES = (2e-2, 1e-3, 1e-5, 1e-7)
"""The part of the loss that each step would take away if the loss were a plane; less where it is steep."""

FLAT = 1e-6
"""A derivative, beside the loss, below which there is as good as none in the picture itself."""


def check(context: Context) -> str | None:
    """What is wrong with learning, if anything."""
    return (
        _learns(context)
        or next(certain(context.layers, context.settings, trained=True), None)
        or _as_in_training(context)
    )


def _learns(context: Context) -> str | None:
    derivatives = context.expected().derivatives[0].values
    if not derivatives:
        return None
    first, gradients = context.gradients or derive(context, MAIN_CASE)
    # They are as large as the model: the first step uses them up.
    context.gradients = None
    used = [name for name, derivative in derivatives if abs(derivative) > FLAT * first]
    wrong = _dead(gradients, used)
    if wrong or not used:
        return wrong
    weights = read_aside(context.framework, context.model, context.layers)
    losses = _descent(context, weights, first, gradients)
    write_all(context.framework, context.model, context.layers, weights)
    if losses[-1] >= first:
        return (
            f"{STEPS} steps of gradient descent do not lower the loss: "
            f"from {first:.6g} to {losses[-1]:.6g}"
        )
    context.summary_values = (first, *losses)
    return None


def _descent(
    context: Context, weights: dict[str, Array], first: float, gradients: dict[str, Array]
) -> list[float]:
    """The losses after each step: of the longest steps that lower them, or else of the shortest."""
    # A step against the gradient g at the rate r lowers the loss by r * |g|², to first order: so a share s of the loss
    # is taken away at r = s * loss / |g|².
    square = sum(float(np.vdot(gradient, gradient)) for gradient in gradients.values())
    losses: list[float] = []
    for share in SHARES:
        if losses:
            write_all(context.framework, context.model, context.layers, weights)
            gradients = derive(context, MAIN_CASE)[1]
        losses = _descend(context, gradients, share * first / square)
        if losses[-1] < first:
            break
    return losses


def _descend(context: Context, gradients: dict[str, Array], rate: float) -> list[float]:
    """The losses after each step."""
    losses = []
    for left in reversed(range(STEPS)):
        _step(context, gradients, rate)
        if left:
            here, gradients = derive(context, MAIN_CASE)
        else:
            here = _loss(context)
        losses.append(here)
    return losses


def _step(context: Context, gradients: dict[str, Array], rate: float) -> None:
    """Move the model's weights against their gradients, each of which is gone once it is used."""
    for piece in in_pieces(context.layers):
        weights = context.framework.read(context.model, piece, copied=False)
        for name in weights.keys() & gradients.keys():
            weights[name] = moved_aside(weights[name], gradients.pop(name), -rate)
        context.framework.write(context.model, piece, weights)


def _loss(context: Context) -> float:
    case = context.job.cases[MAIN_CASE]
    return float(loss(context.call(context.arrays(case)), goals(case.outputs), np.mean))


def _dead(gradients: dict[str, Array], used: list[str]) -> str | None:
    for name, gradient in gradients.items():
        if not np.isfinite(gradient).all():
            return f"the gradient of `{name}` is not finite"
    for name in used:
        if name not in gradients or not gradients[name].any():
            return f"`{name}` has no gradient, though the loss depends on it"
    return None


def _as_in_training(context: Context) -> str | None:
    """What is wrong with the model in its training mode; afterwards it is as it was."""
    training = context.expected().training
    if training.derivatives == context.expected().derivatives[0]:
        return _unchanged(context)
    before = read_aside(context.framework, context.model, context.layers)
    wrong = _predicted(context, before)
    # The moving statistics have moved.
    write_all(context.framework, context.model, context.layers, before)
    wrong = wrong or dropout.check(context) or _spread(context)
    return wrong and f"in training, {wrong}"


def _predicted(context: Context, before: dict[str, Array]) -> str | None:
    """What is wrong with the loss and its gradients, and with the moving statistics."""
    training = context.expected().training
    actual = derive(context, MAIN_CASE, training=True)
    after = read_aside(context.framework, context.model, context.layers)
    learns = trainable(context.layers)
    statistics = [name for name in before if name not in learns]
    still = [name for name in statistics if np.array_equal(before[name], after[name])]
    if still:
        return f"`{still[0]}` is not updated from the layer's input"
    speed = _speed(context, before, after)
    if speed:
        return speed
    return _dead(actual[1], []) or (
        differs(actual, training.derivatives) if training.derivatives else None
    )


def _speed(context: Context, before: Mapping[str, Array], after: Mapping[str, Array]) -> str | None:
    """Whether moving statistics move as fast as the picture's momentum says, in any of the ways to count."""
    for item in context.expected().training.statistics:
        # Keras divides a batch's sum of squares by n, PyTorch by n - 1: either variance is right.
        for part, ways in (("moving_mean", (item.mean,)), ("moving_variance", item.variances)):
            name = f"{item.layer}/{part}"
            expected = [way.array() for way in ways]
            if any(close(after[name], way, *limits(after[name])).all() for way in expected):
                continue
            place = int(np.argmax(np.abs(after[name] - expected[0])))
            old, new, right = (
                array.flat[place] for array in (before[name], after[name], expected[0])
            )
            return (
                f"`{name}` does not follow the picture's momentum: "
                f"from {old:.4g} to {new:.4g}, expected {right:.4g}"
            )
    return None


def _unchanged(context: Context) -> str | None:
    """Where training is nothing else, the results are the same."""
    outputs = context.call(context.arrays(context.job.cases[MAIN_CASE]), training=True)
    wrong = differing(context, MAIN_CASE, outputs)
    return f"in training, {wrong}" if wrong else None


def _spread(context: Context) -> str | None:
    """Whether the results of dropout are spread as in one of the ways to understand the picture."""
    ways = [item.array() for item in context.expected().training.samples]
    if not ways:
        return None
    count = ways[0].shape[1]
    arrays = context.arrays(context.job.cases[MAIN_CASE])
    outputs = context.call(distribution.repeated(arrays, count), training=True)
    if not all(np.isfinite(output).all() for output in outputs):
        return "some results of dropout are not finite"
    actual, most = distribution.samples(outputs), distribution.limit(count, count)
    error = limits(outputs[0])[0]
    far = min(_distance(actual, expected, error) for expected in ways)
    if far <= most:
        return None
    return (
        "the results do not have the distribution of the picture's dropout: "
        f"Kolmogorov-Smirnov distance {far:.2f}, expected at most {most:.2f}"
    )


def _distance(actual: Array, expected: Array, error: float) -> float:
    """The largest distance of any number that is looked at."""
    return max(
        distribution.distance(one, other, error * max(1.0, float(np.abs(other).max())))
        for one, other in zip(actual, expected, strict=True)
    )
