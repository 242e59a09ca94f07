"""live model + job → failure or none: every input and output has the shape that was inferred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.verify.failures import explain

if TYPE_CHECKING:
    from seqdsl.verify.checks import Context
    from seqdsl.verify.frameworks import Declared
    from seqdsl.verify.jobs import Case


def check(context: Context) -> str | None:
    """What is wrong with the shapes, if anything."""
    return _check_declared(context) or next(
        (failure for case in context.job.cases if (failure := _check_case(context, case))), None
    )


def _check_declared(context: Context) -> str | None:
    ends = context.framework.declared(context.model)
    if ends is None:
        return None
    inputs = [port.shape for port in context.job.inputs]
    outputs = [port.shape for port in context.job.outputs]
    if ends[0] != inputs:
        return f"the model declares inputs {_show(ends[0])}, the picture has {_show(inputs)}"
    if len(ends[1]) != len(outputs) or not all(map(_compatible, ends[1], outputs)):
        return f"the model declares outputs {_show(ends[1])}, the picture has {_show(outputs)}"
    return None


def _compatible(found: Declared, expected: Declared) -> bool:
    # A framework may not know that the last 3 of any number of steps are 3: only numbers differ.
    return len(found) == len(expected) and all(
        None in pair or pair[0] == pair[1] for pair in zip(found, expected, strict=True)
    )


def _check_case(context: Context, case: Case) -> str | None:
    try:
        outputs = context.outputs(case)
    except Exception as problem:
        why = explain(problem, context.job.source)
        return f"{why}\nwhen called with inputs {_show(case.inputs)} ({case})"
    found = [output.shape for output in outputs]
    if found == list(case.outputs):
        return None
    return (
        f"inputs {_show(case.inputs)} give outputs {_show(found)}, "
        f"the picture has {_show(case.outputs)} ({case})"
    )


def _show(shapes: tuple[Declared, ...] | list[Declared] | tuple[tuple[int, ...], ...]) -> str:
    return ", ".join(str(shape) for shape in shapes) or "none"
