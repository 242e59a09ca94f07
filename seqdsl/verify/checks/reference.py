"""live model + job → failure or none: the model computes what the picture computes, step by step.

The independent truth is `seqdsl.verify.oracle`, which walks the picture node by node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.settings import certain, explaining
from seqdsl.verify.checks import kept_state, pieces
from seqdsl.verify.tolerance import alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.jobs import Case, Port


def check(context: Context) -> str | None:
    """What is wrong with the values, if anything."""
    context.expected()
    for number in range(len(context.job.cases)):
        wrong = check_case(context, number)
        if wrong:
            return wrong + _why(context, number)
    if wrong := pieces.check(context) or kept_state.check(context):
        return wrong
    if any(output.dtype == np.float32 for output in context.outputs(context.job.cases[0])):
        context.note = "computed in single precision, and compared with its tolerances"
    # In single precision, another epsilon may be no other number.
    return next(certain(context.layers, context.settings), None)


def _why(context: Context, number: int) -> str:
    """What explains a case that is wrong, as further lines."""
    from seqdsl.verify.mistake_search import name_suspect

    suspect = name_suspect(context, number)
    return explaining(context.layers, context.settings) + suspect + context.doubt


def check_case(context: Context, number: int) -> str | None:
    """What is wrong with the values in one case."""
    return differing(context, number, context.outputs(context.job.cases[number]))


def differing(context: Context, number: int, outputs: Sequence[Array]) -> str | None:
    """What is wrong with ``outputs``, if they are to be the results in one case."""
    job = context.job
    case, expected = job.cases[number], context.expected().outputs[number]
    for port, actual, packed in zip(job.outputs, outputs, expected, strict=True):
        wrong = _difference(port, actual, packed.array(), case)
        if wrong:
            return wrong
    return None


def _difference(port: Port, actual: Array, expected: Array, case: Case) -> str | None:
    if actual.shape != expected.shape:
        return f"`{port.name}` has the shape {actual.shape}, expected {expected.shape} ({case})"
    wrong = ~alike(actual, expected)
    if not wrong.any():
        return None
    place = tuple(int(index) for index in np.argwhere(wrong)[0])
    # (sample, step, feature) of a sequence, (sample, feature) of a vector.
    sample, *step, feature = place
    where = "".join(f", step {number + 1}" for number in step)
    return (
        f"`{port.name}` is {actual[place]:.6g}, expected {expected[place]:.6g}: sample {sample + 1}"
        f"{where}, feature {feature + 1} ({case}); {wrong.mean():.0%} of its values differ"
    )
