"""live model + job → failure or none: inputs and outputs as inferred, for other parameters as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.failures import explain
from seqdsl.verify.inputs import stray_arrays
from seqdsl.verify.perturb import step_counts

_NEAR = 1e-4
"""How much a graph may round otherwise than single operations, in single precision."""

_EXCHANGED = "; batch and time are swapped: is a `batch_first=True` missing?"

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.adapter import Array, Declared
    from seqdsl.verify.alternate_build import BuiltAlternate
    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.jobs import Case, Port


def check(context: Context) -> str | None:
    """What is wrong with the shapes, if anything."""
    wrong = _wrong(context)
    return wrong and wrong + context.unlike()


def _wrong(context: Context) -> str | None:
    job = context.job
    declared = context.framework.declared(context.model)
    return (
        _check_declared("the model", declared, job.inputs, job.outputs)
        or next((failure for case in job.cases if (failure := _check_case(context, case))), None)
        or _check_any_length(context)
        or _check_refusals(context)
        or (_check_alternate(context.alternate) if context.alternate else None)
    )


def _check_declared(
    what: str,
    ends: tuple[list[Declared], list[Declared]] | None,
    ins: Sequence[Port],
    outs: Sequence[Port],
) -> str | None:
    if ends is None:
        return None
    inputs = [port.shape for port in ins]
    outputs = [port.shape for port in outs]
    if ends[0] != inputs:
        return f"{what} declares inputs {_show(ends[0])}, expected {_show(inputs)}"
    if len(ends[1]) != len(outputs) or not all(map(_compatible, ends[1], outputs)):
        return f"{what} declares outputs {_show(ends[1])}, expected {_show(outputs)}"
    return None


def _check_alternate(built: BuiltAlternate) -> str | None:
    """What is wrong with the model of other parameters, or with what it begins with."""
    alternate, what = built.alternate, str(built.alternate)
    if built.fault:
        return f"{what} {built.fault}"
    if built.results not in (None, list(alternate.case.outputs)):
        shapes = _show(built.results or [])
        return f"{what} returns outputs {shapes}, expected {_show(alternate.case.outputs)} ({alternate.case})"
    return _check_declared(what, built.declared, alternate.inputs, alternate.outputs)


def _compatible(actual: Declared, expected: Declared) -> bool:
    # A framework may not know that the last 3 of any number of steps are 3: only numbers differ.
    return len(actual) == len(expected) and all(
        None in pair or pair[0] == pair[1] for pair in zip(actual, expected, strict=True)
    )


def _check_case(context: Context, case: Case) -> str | None:
    try:
        outputs = context.outputs(case)
    except Exception as problem:
        why = explain(problem, context.job.source)
        return f"{why}\nwhen called with inputs {_show(case.inputs)} ({case})"
    actual = [output.shape for output in outputs]
    if actual == list(case.outputs):
        return None
    wrong = f"inputs {_show(case.inputs)} give outputs {_show(actual)}, expected {_show(case.outputs)} ({case})"
    return f"{wrong}{_EXCHANGED}" if _has_exchanged(context.job.inputs, case, actual) else wrong


def _check_any_length(context: Context) -> str | None:
    """Whether a model gives something else in a graph for any lengths, in which it is trained and exported."""
    job = context.job
    # A model that was imported works as it is called: its picture is that of what it gives so.
    if job.places:
        return None
    # As many steps as samples would hide that one is taken for the other.
    case = next(
        (case for case in job.cases if case.batch not in step_counts(job.inputs, case)), None
    )
    if case is None:
        return None
    shapes = [port.shape for port in job.inputs]
    with context.drawn():
        given = context.framework.results_at_any_length(context.model, context.arrays(case), shapes)
    found = given and _unlike_called(given, context.outputs(case))
    if not found:
        return None
    return (
        f"in a graph for any lengths, as `fit` and `export` make it, inputs {_show(case.inputs)} give "
        f"{found} ({case}): `TimeDistributed` of this Keras takes samples for steps where their number is free. "
        "Apply the layer without it, as `Dense` can be, or to steps and samples reshaped into one axis"
    )


#  X X X X X    `TimeDistributed(Dense(2))(h)[:, -1]` of 3 samples: the graph has 3 steps, and the last of them is
#          |    another one than called directly, though its shape is right.
#          Y
def _unlike_called(given: Sequence[Array], called: Sequence[Array]) -> str:
    """What the results of a graph are that are not those of a call; empty: they are the same."""
    shapes, expected = [item.shape for item in given], [item.shape for item in called]
    if shapes != expected:
        return f"outputs {_show(shapes)}, expected {_show(expected)}, which it gives if it is called directly"
    is_same = all(
        np.allclose(one, other, rtol=_NEAR, atol=_NEAR / 10, equal_nan=True)
        for one, other in zip(given, called, strict=True)
    )
    return "" if is_same else "other values than if it is called directly"


def _has_exchanged(ports: Sequence[Port], case: Case, actual: Sequence[tuple[int, ...]]) -> bool:
    """Whether there is a result for each step instead of each sample."""
    # (9, 3, 4) where (3, 9, 4) is expected: 9 is the number of steps of an input.
    steps = set(step_counts(ports, case)) - {1, case.batch}
    pairs = zip(actual, case.outputs, strict=False)
    return any(one[:1] != other[:1] and set(one[:1]) <= steps for one, other in pairs)


def _has_room(shape: Sequence[int]) -> bool:
    """Whether a sample can be padded in front: its shape has steps, and more than one."""
    return len(shape) >= 2 and shape[1] >= 2


def _check_refusals(context: Context) -> str | None:
    """Whether a batch that is padded elsewhere than the picture says is refused; yours need not do that."""
    job = context.job
    if job.factory:
        return None
    case = next((case for case in job.cases if case.padded), None)
    # Of lengths 3, 1 and 4 the picture has `x x x .`, `x . . .` and `x x x x`; the last sample becomes `. x x x`.
    for which, port in enumerate(job.inputs):
        if case is None or not port.at_end or not _has_room(case.inputs[which]):
            continue
        try:
            context.call(stray_arrays(job.inputs, case, which))
        except Exception as problem:
            # A model that fails for another reason does not tell what is wrong with the batch.
            if "padding" in str(problem):
                continue
            why = explain(problem, job.source)
            return f"a batch with padding at the start raises an unexpected error: {why}"
        return (
            f"a batch with padding at the start of `{port.name}` is accepted, "
            "but the picture has `padding=end`"
        )
    return None


def _show(shapes: Sequence[Declared | tuple[int, ...]]) -> str:
    return ", ".join(str(shape) for shape in shapes) or "none"
