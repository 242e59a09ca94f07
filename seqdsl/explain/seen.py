"""views → words: what a row reads, for every pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.phrases import All, Ends, Every, Phrase, Run, beside, enumerated, ordinal
from seqdsl.explain.words import ANY, counted, label, length, listed, steps
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    FinalState,
    Flatten,
    Gather,
    LastSteps,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    ValidFirst,
    Value,
    Zeros,
)
from seqdsl.layers import layer_def
from seqdsl.passes.shared_rnn_calls import batch_of
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.explain.phrases import Count, Steps
    from seqdsl.model.spec import ModelSpec


def seen(view: Expression, spec: ModelSpec) -> str:
    """What a view gives, in words."""
    return str(phrase(view, spec))


def phrase(view: Expression, spec: ModelSpec) -> Phrase:
    """What a view gives, as a phrase of which others can be made."""
    if isinstance(view, Value):
        return _whole(view, spec)
    if isinstance(view, FinalState):
        return Phrase(_final(view, spec))
    if isinstance(view, Slice):
        return _sliced(view, spec)
    if isinstance(view, Step):
        return Phrase(_step(view, spec))
    if isinstance(view, Repeat):
        return _repeated(view, spec)
    if isinstance(view, Pad):
        return _padded(view, spec)
    if isinstance(view, ConcatTime):
        return beside([phrase(part, spec) for part in view.parts], ", then ")
    if isinstance(view, ConcatFeatures):
        return enumerated([phrase(part, spec) for part in view.parts])
    if isinstance(view, Elementwise):
        parts = listed([seen(part, spec) for part in view.parts])
        return Phrase(f"{layer_def(view.how).words.noun} of {parts}")
    if isinstance(view, Flatten):
        return phrase(view.of, spec).then(", flattened into one vector")
    if isinstance(view, RepeatSteps):
        return phrase(view.of, spec).then(f", each repeated {view.times} times")
    return Phrase(_rare(view, spec))


def each_step(view: Expression, spec: ModelSpec) -> str:
    """Where a layer is applied that takes one step of a sequence at a time."""
    if isinstance(view, Value):
        return f"each step of {seen_block(view, spec)}"
    if isinstance(view, ConcatFeatures):
        return listed([each_step(part, spec) for part in view.parts])
    if isinstance(view, ConcatTime):
        return ", then ".join(each_step(part, spec) for part in view.parts)
    if isinstance(view, Slice) and view.stride > 0:
        return phrase(view, spec).each
    if isinstance(view, Repeat):
        return f"each step to {seen(view.of, spec)}"
    return f"each step of ({seen(view, spec)})"


def _rare(view: Expression, spec: ModelSpec) -> str:
    if isinstance(view, LastSteps):
        return f"the last {counted(length(spec, view.count), 'valid step')} of {seen_block(view.of, spec)}"
    if isinstance(view, ValidFirst):
        return f"all valid steps of {seen_block(view.of, spec)}"
    if isinstance(view, DynamicSlice):
        start = "the first" if view.before is None else "the next"
        return f"{start} steps of {seen(view.of, spec)}, as many as {_ruler(view.like, spec)} has"
    if isinstance(view, Zeros):
        return f"zeros for {steps(spec, view.count)}"
    assert isinstance(view, Gather)
    return f"{len(view.indices)} selected steps of {seen(view.of, spec)}"


def seen_block(view: Value | FinalState, spec: ModelSpec) -> str:
    """The block that a view is the value of."""
    return label(spec, spec.blocks[view.block])


def _whole(view: Value, spec: ModelSpec) -> Phrase:
    block = spec.blocks[view.block]
    owner = label(spec, block)
    return Phrase(owner, None if block.steps is None else All(length(spec, block.steps)))


def _final(view: FinalState, spec: ModelSpec) -> str:
    block = spec.blocks[view.block]
    if block.steps is None:
        return label(spec, block)
    if batch_of(block):
        return f"the final states of {label(spec, block)}"
    if block.direction is Direction.BIDIRECTIONAL:
        return f"the final states of {label(spec, block)} in both directions, concatenated"
    which = "first" if block.direction is Direction.BACKWARD else "last"
    return f"the {which} step of {label(spec, block)}"


def _sliced(view: Slice, spec: ModelSpec) -> Phrase:
    """Some steps of a sequence, forward or backward.

    Of `X` with 6 steps, as Python writes its indices:

        0:3 of 6     the first 3 of the 6 steps of `X`
        1:4 of 6     steps 2 to 4 of the 6 steps of `X`
        0:6:2 of 6   every second step of `X` from step 1 on
        3:0:-1       steps 4 to 2 of `X`, backward
    """
    inner, total = phrase(view.of, spec), length(spec, view.steps)
    owner, among = inner.of(total), "steps" if total == ANY else f"of the {total} steps"
    if isinstance(view.of, ValidFirst):
        owner, among = seen_block(view.of.of, spec), "valid steps"
    if at_end := _at_end(view, spec, among):
        return Phrase(owner, at_end)
    first = length(spec, view.start + 1)
    last = length(spec, view.start + (view.count - 1) * view.stride + 1)
    if view.stride == 1:
        is_told = isinstance(view.of, ValidFirst) or total != ANY
        return Phrase(owner, Run(first, last, f" {among}" if is_told else ""))
    if view.stride == -1:
        whole = view.count == view.steps
        return (
            inner.then(" in reverse order")
            if whole
            else Phrase(f"{owner}, backward", Run(first, last))
        )
    return _strided(view, owner, first, last)


def _strided(view: Slice, owner: str, first: Count, last: Count) -> Phrase:
    """Steps that do not follow each other."""
    if view.stride < 0:
        return Phrase(owner, Run(first, last, f", every {ordinal(-view.stride)},"))
    noun = "valid step" if isinstance(view.of, ValidFirst) else "step"
    return Phrase(f"{owner} from step {first} on", Every(view.stride, noun))


def _at_end(view: Slice, spec: ModelSpec, among: str) -> Steps | None:
    """Steps that begin or end a row, such as ``the last 3 of the 6 steps``; ``None`` if these do not."""
    count = length(spec, view.count)
    for which, is_there in (
        ("last", view.start + view.count == view.steps),
        ("first", view.start == Size.of(0)),
    ):
        if is_there and (count == 1 or view.stride == 1):
            return Ends(which, count, among)
    return None


def _step(view: Step, spec: ModelSpec) -> str:
    if isinstance(view.of, ValidFirst):
        number = length(spec, view.index + 1)
        return f"step {number} of the valid steps of {seen_block(view.of.of, spec)}"
    if isinstance(view.of, LastSteps):
        return f"the last valid step of {seen_block(view.of.of, spec)}"
    if not isinstance(view.of, Value):
        return f"one step of {seen(view.of, spec)}"
    block = seen_block(view.of, spec)
    if view.index + 1 == view.steps:
        return f"the last step of {block}"
    if view.index == Size.of(0):
        return f"the first step of {block}"
    return f"step {length(spec, view.index + 1)} of {block}"


def _repeated(view: Repeat, spec: ModelSpec) -> Phrase:
    count = length(spec, view.count)
    if count == 1:
        return phrase(view.of, spec).then(", as one step")
    every = "every step" if count == ANY else f"each of {count} steps"
    return phrase(view.of, spec).then(f", repeated at {every}")


def _padded(view: Pad, spec: ModelSpec) -> Phrase:
    before = [Phrase(f"{steps(spec, view.before)} of zeros")] * (view.before != Size.of(0))
    after = [Phrase(f"{steps(spec, view.after)} of zeros")] * (view.after != Size.of(0))
    return beside([*before, phrase(view.of, spec), *after], ", then ")


def _ruler(view: Expression, spec: ModelSpec) -> str:
    return seen_block(view, spec) if isinstance(view, Value) else f"({seen(view, spec)})"
