"""some steps of a row → a phrase: which ones, by their numbers, from either end, or at a stride."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.phrases import All, Back, Ends, Every, Phrase, Run, ordinal
from seqdsl.explain.words import ANY, label, length, listed
from seqdsl.ir.expressions import Slice, ValidFirst
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.explain.phrases import Count
    from seqdsl.model.spec import ModelSpec


def sliced(expression: Slice, inner: Phrase, spec: ModelSpec) -> Phrase:
    """Some steps of a sequence, forward or backward.

    Of `X` with 6 steps, as Python writes its indices:

        0:3 of 6     the first 3 of the 6 steps of `X`
        1:4 of 6     steps 2 to 4 of the 6 steps of `X`
        0:6:2 of 6   every second step of `X` from step 1 on
        3:0:-1       steps 4 to 2 of `X`, backward
        1:n-1 of n   all steps of `X` but the first and the last, where `n` is not its name
    """
    total = length(spec, expression.steps)
    owner, among = _owner(expression, inner, total, spec)
    at_end = _at_end(expression, spec, among)
    if at_end is not None and at_end.count != ANY:
        return Phrase(owner, at_end)
    if expression.stride == -1 and expression.count == expression.steps:
        return inner.then(" in reverse order")
    if expression.stride != 1 and expression.count != Size.of(1):
        return _strided(expression, owner, spec)
    unnamed = _of_any_length(expression, owner, spec) if total == ANY else None
    return unnamed or _run(expression, owner, "" if among == "steps" else f" {among}", spec)


def _owner(expression: Slice, inner: Phrase, total: Count, spec: ModelSpec) -> tuple[str, str]:
    """Whose steps they are, and the noun for them: ``steps``, ``of the 6 steps`` or ``valid steps``."""
    if isinstance(expression.of, ValidFirst):
        return label(spec, spec.blocks[expression.of.of.block]), "valid steps"
    return inner.of(total), "steps" if total == ANY else f"of the {total} steps"


def _run(expression: Slice, owner: str, suffix: str, spec: ModelSpec) -> Phrase:
    """Steps that follow each other, or one step, by their numbers."""
    if expression.count == Size.of(1):
        return Phrase(f"{numbered(expression.start, expression.steps, spec)}{suffix} of {owner}")
    first = length(spec, expression.start + 1)
    return Phrase(owner, Run(first, length(spec, expression.start + expression.count), suffix))


def _of_any_length(expression: Slice, owner: str, spec: ModelSpec) -> Phrase | None:
    """Steps that follow each other in a row whose length has no name; ``None``: they can be numbered."""
    if missing := _missing(expression, spec):
        noun = "valid steps" if isinstance(expression.of, ValidFirst) else "steps"
        return Phrase(f"{owner} but {missing}", All(ANY, noun))
    left = length(spec, expression.steps - expression.start)
    count = length(spec, expression.count)
    if not isinstance(left, int) or not isinstance(count, int) or count == 1:
        return None
    return Phrase(owner, Back(left, left - count + 1))


def _missing(expression: Slice, spec: ModelSpec) -> str:
    """Which steps at the ends are not read of a row whose length has no name: ``the last 2``; empty: it is not that."""
    before = length(spec, expression.start)
    after = length(spec, expression.steps - expression.start - expression.count)
    if ANY in (before, after):
        return ""
    ends = (("first", before), ("last", after))
    return listed([f"the {which}{f' {count}' * (count != 1)}" for which, count in ends if count])


def numbered(index: Size, total: Size, spec: ModelSpec) -> str:
    """One step by its number: ``step 3``, or ``the fourth step from the end`` where the length has no name."""
    number, left = length(spec, index + 1), length(spec, total - index)
    if number == ANY and isinstance(left, int):
        return f"the {ordinal(left)} step from the end"
    return f"step {number}"


def _strided(expression: Slice, owner: str, spec: ModelSpec) -> Phrase:
    """Steps that do not follow each other, or backward."""
    stride, apart = expression.stride, abs(expression.stride)
    if stride < 0:
        first = length(spec, expression.start + 1)
        last = length(spec, expression.start + (expression.count - 1) * stride + 1)
        every = f", every {ordinal(apart)}," if apart > 1 else ""
        return Phrase(owner if every else f"{owner}, backward", Run(first, last, every))
    start = numbered(expression.start, expression.steps, spec)
    noun = "valid step" if isinstance(expression.of, ValidFirst) else "step"
    return Phrase(f"{owner} from {start} on", Every(apart, noun))


def _at_end(expression: Slice, spec: ModelSpec, among: str) -> Ends | None:
    """Steps that begin or end a row, such as ``the last 3 of the 6 steps``; ``None`` if these do not."""
    count = length(spec, expression.count)
    for which, is_there in (
        ("last", expression.start + expression.count == expression.steps),
        ("first", expression.start == Size.of(0)),
    ):
        if is_there and (count == 1 or expression.stride == 1):
            return Ends(which, count, among)
    return None
