"""views → words: what a row sees, for every pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.words import ANY, label, length, listed, steps
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
from seqdsl.model.chains import batch_of
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.model.spec import ModelSpec


def seen(view: Expression, spec: ModelSpec) -> str:
    """What a view gives, in words."""
    if isinstance(view, Value):
        return _whole(view, spec)
    if isinstance(view, FinalState):
        return _final(view, spec)
    if isinstance(view, Slice):
        return _sliced(view, spec)
    if isinstance(view, Step):
        return _step(view, spec)
    if isinstance(view, Repeat):
        return _repeated(view, spec)
    if isinstance(view, Pad):
        return _padded(view, spec)
    if isinstance(view, ConcatTime):
        return ", then ".join(seen(part, spec) for part in view.parts)
    if isinstance(view, ConcatFeatures):
        return " beside ".join(seen(part, spec) for part in view.parts)
    if isinstance(view, Elementwise):
        return f"{layer_def(view.how).words.noun} of {listed([seen(part, spec) for part in view.parts])}"
    if isinstance(view, Flatten):
        return f"{seen(view.of, spec)}, side by side in one vector"
    return _rare(view, spec)


def each_step(view: Expression, spec: ModelSpec) -> str:
    """Where a layer is applied that takes one step of a sequence at a time."""
    if isinstance(view, Value):
        return f"each step of {seen_block(view, spec)}"
    if isinstance(view, ConcatFeatures):
        return " beside ".join(each_step(part, spec) for part in view.parts)
    if isinstance(view, ConcatTime):
        return ", then ".join(each_step(part, spec) for part in view.parts)
    if isinstance(view, Slice) and view.stride > 0:
        text = seen(view, spec)
        return text if text.startswith("every ") else f"each of {text}"
    if isinstance(view, Repeat):
        return f"each step to {seen(view.of, spec)}"
    return f"each step of ({seen(view, spec)})"


def _rare(view: Expression, spec: ModelSpec) -> str:
    if isinstance(view, LastSteps):
        return (
            f"the last {steps(spec, view.count)} of {seen_block(view.of, spec)} that are no padding"
        )
    if isinstance(view, ValidFirst):
        return f"all valid steps of {seen_block(view.of, spec)}"
    if isinstance(view, DynamicSlice):
        start = "the first" if view.before is None else "the next"
        return f"{start} steps of {seen(view.of, spec)}, as many as {_ruler(view.like, spec)} has"
    if isinstance(view, RepeatSteps):
        return f"{seen(view.of, spec)}, each {view.times} times in turn"
    if isinstance(view, Zeros):
        return f"zeros at {steps(spec, view.count)}"
    assert isinstance(view, Gather)
    return f"{len(view.indices)} steps chosen one by one of {seen(view.of, spec)}"


def seen_block(view: Value | FinalState, spec: ModelSpec) -> str:
    """The block that a view is the value of."""
    return label(spec, spec.blocks[view.block])


def _whole(view: Value, spec: ModelSpec) -> str:
    block = spec.blocks[view.block]
    if block.steps is None:
        return label(spec, block)
    number = length(spec, block.steps)
    every = "all steps" if number == ANY else f"all {number} steps"
    return f"{'the one step' if number == 1 else every} of {label(spec, block)}"


def _final(view: FinalState, spec: ModelSpec) -> str:
    block = spec.blocks[view.block]
    if block.steps is None:
        return label(spec, block)
    if batch_of(block):
        return f"the final states of {label(spec, block)}"
    if block.direction is Direction.BIDIRECTIONAL:
        return f"the final states of {label(spec, block)} in both directions, side by side"
    which = "first" if block.direction is Direction.BACKWARD else "last"
    return f"the {which} step of {label(spec, block)}"


def _sliced(view: Slice, spec: ModelSpec) -> str:
    inner, total = seen(view.of, spec), length(spec, view.steps)
    rest = inner.removeprefix("all steps of ").removeprefix(f"all {total} steps of ")
    among = "steps" if total == ANY else f"of the {total} steps"
    if isinstance(view.of, ValidFirst):
        rest, among = seen_block(view.of.of, spec), "valid steps"
    at_end = _at_end(view, spec, among)
    if at_end:
        return f"{at_end} of {rest}"
    first = view.start + 1
    last = view.start + (view.count - 1) * view.stride + 1
    run = f"steps {length(spec, first)} to {length(spec, last)}"
    if view.stride == 1:
        return f"{run} {among.removeprefix('steps').strip()} of {rest}".replace("  ", " ")
    if view.stride == -1:
        return (
            f"{inner} in reverse order"
            if view.count == view.steps
            else f"{run} of {rest}, backward"
        )
    if view.stride < 0:
        return f"{run}, every {_ordinal(-view.stride)}, of {rest}"
    step = "valid step" if isinstance(view.of, ValidFirst) else "step"
    return f"every {_ordinal(view.stride)} {step} of {rest} from step {length(spec, first)} on"


def _at_end(view: Slice, spec: ModelSpec, among: str) -> str:
    """Steps that begin or end a row, such as ``the last 3 of the 6 steps``; empty if these do not."""
    count = length(spec, view.count)
    for which, is_there in (
        ("last", view.start + view.count == view.steps),
        ("first", view.start == Size.of(0)),
    ):
        if is_there and count == 1:
            return f"the {which} step"
        if is_there and view.stride == 1:
            return f"the {which} {count} {among}"
    return ""


def _ordinal(number: int) -> str:
    known = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    return known.get(number, f"{number}th")


def _step(view: Step, spec: ModelSpec) -> str:
    if isinstance(view.of, ValidFirst):
        number = length(spec, view.index + 1)
        return f"step {number} of the valid steps of {seen_block(view.of.of, spec)}"
    if isinstance(view.of, LastSteps):
        return f"the last step of {seen_block(view.of.of, spec)} that is no padding"
    if not isinstance(view.of, Value):
        return f"one step of {seen(view.of, spec)}"
    block = seen_block(view.of, spec)
    if view.index + 1 == view.steps:
        return f"the last step of {block}"
    if view.index == Size.of(0):
        return f"the first step of {block}"
    return f"step {length(spec, view.index + 1)} of {block}"


def _repeated(view: Repeat, spec: ModelSpec) -> str:
    count = length(spec, view.count)
    if count == 1:
        return f"{seen(view.of, spec)}, as one step"
    every = "every step" if count == ANY else f"each of {count} steps"
    return f"{seen(view.of, spec)}, the same at {every}"


def _padded(view: Pad, spec: ModelSpec) -> str:
    before = [f"{steps(spec, view.before)} of zeros"] * (view.before != Size.of(0))
    after = [f"{steps(spec, view.after)} of zeros"] * (view.after != Size.of(0))
    return ", then ".join([*before, seen(view.of, spec), *after])


def _ruler(view: Expression, spec: ModelSpec) -> str:
    return seen_block(view, spec) if isinstance(view, Value) else f"({seen(view, spec)})"
