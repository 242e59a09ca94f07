"""tensor expressions → words: what a row reads, for every pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.phrases import All, Phrase, beside, enumerated
from seqdsl.explain.slices import numbered, sliced
from seqdsl.explain.words import ANY, counted, label, length, listed, steps
from seqdsl.ir.carried import carry_of
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatPlaces,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    FinalState,
    Flatten,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    Pool,
    Repeat,
    RepeatSteps,
    Share,
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
    from seqdsl.model.spec import ModelSpec


def describe(expression: Expression, spec: ModelSpec) -> str:
    """What an expression gives, in words."""
    return str(phrase(expression, spec))


def phrase(expression: Expression, spec: ModelSpec) -> Phrase:
    """What an expression gives, as a phrase of which others can be made."""
    # Of a row `X` of 3 steps, a recurrent row `H` and a vector `C`:
    # "all 3 steps of `X`"
    if isinstance(expression, Value):
        return _whole(expression, spec)
    # "the last step of `H`"
    if isinstance(expression, FinalState):
        return Phrase(_final(expression, spec))
    # "the first 2 of the 3 steps of `X`"
    if isinstance(expression, Slice):
        return sliced(expression, phrase(expression.of, spec), spec)
    # "step 2 of `X`"
    if isinstance(expression, Step):
        return Phrase(_step(expression, spec))
    # "`C`, the same at each of 3 steps"
    if isinstance(expression, Repeat):
        return _repeated(expression, spec)
    # "all 3 steps of `X`, then 2 steps of zeros"
    if isinstance(expression, Pad):
        return _padded(expression, spec)
    # "all 3 steps of `X`, then all 3 steps of `H`"
    if isinstance(expression, ConcatTime):
        return beside([phrase(part, spec) for part in expression.parts], ", then ")
    # "all 3 steps of `X` beside all 3 steps of `H`"
    if isinstance(expression, ConcatFeatures | ConcatPlaces):
        return enumerated([phrase(part, spec) for part in expression.parts])
    # "the sum of all 3 steps of `X` and all 3 steps of `H`"
    if isinstance(expression, Elementwise):
        parts = listed([describe(part, spec) for part in expression.parts])
        return Phrase(f"{layer_def(expression.how).words.noun} of {parts}")
    # "all 3 steps of `X`, side by side in one vector"
    if isinstance(expression, Flatten):
        return phrase(expression.of, spec).then(", flattened into one vector")
    # "all 3 steps of `X`, each 2 times in turn"
    if isinstance(expression, RepeatSteps):
        return phrase(expression.of, spec).then(f", each repeated {expression.times} times")
    return Phrase(_rare(expression, spec))


def each_step(expression: Expression, spec: ModelSpec) -> str:
    """Where a layer is applied that takes one step of a sequence at a time."""
    if isinstance(expression, Value):
        return f"each step of {block_label(expression, spec)}"
    if isinstance(expression, ConcatFeatures | ConcatPlaces):
        return listed([step_of(part, spec) for part in expression.parts])
    if isinstance(expression, ConcatTime):
        return ", then ".join(step_of(part, spec) for part in expression.parts)
    if isinstance(expression, Slice) and expression.stride > 0:
        return phrase(expression, spec).each
    if isinstance(expression, Repeat):
        return f"each step to {describe(expression.of, spec)}"
    return f"each step of ({describe(expression, spec)})"


def step_of(expression: Expression, spec: ModelSpec) -> str:
    """Where a layer is applied, as one of several places."""
    # "at each step of `X` and to `C`" would say that `C` is read by itself.
    if isinstance(expression, Repeat):
        return f"each step of ({describe(expression, spec)})"
    return each_step(expression, spec)


def _pooled(expression: Pool | Share, spec: ModelSpec) -> str:
    """What a bus gives that is combined with other wires: "the sum of (the last 2 valid steps of `X`)"."""
    if isinstance(expression, Share):
        return "one divided by the number of values"
    return f"{layer_def(expression.how).words.noun} of ({describe(expression.of, spec)})"


def _rare(expression: Expression, spec: ModelSpec) -> str:
    # "the last step of `Y` in the call before"
    if isinstance(expression, CarriedState):
        return _carried(expression, spec)
    if isinstance(expression, LastSteps):
        return f"the last {counted(length(spec, expression.count), 'valid step')} of {block_label(expression.of, spec)}"
    if isinstance(expression, ValidFirst):
        return f"all valid steps of {block_label(expression.of, spec)}"
    if isinstance(expression, LastValid):
        return f"the last valid steps so far of {block_label(expression.of, spec)}"
    if isinstance(expression, DynamicSlice):
        start = "the first" if expression.before is None else "the next"
        return f"{start} steps of {describe(expression.of, spec)}, as many as {_ruler(expression.like, spec)} has"
    if isinstance(expression, Pool | Share):
        return _pooled(expression, spec)
    if isinstance(expression, Zeros):
        return f"zeros for {steps(spec, expression.count)}"
    assert isinstance(expression, Gather)
    return f"{len(expression.indices)} selected steps of {describe(expression.of, spec)}"


def block_label(expression: Value | FinalState, spec: ModelSpec) -> str:
    """The block that an expression is the value of."""
    return label(spec, spec.blocks[expression.block])


def _whole(expression: Value, spec: ModelSpec) -> Phrase:
    block = spec.blocks[expression.block]
    owner = label(spec, block)
    return Phrase(owner, None if block.steps is None else All(length(spec, block.steps)))


def _final(expression: FinalState, spec: ModelSpec) -> str:
    block = spec.blocks[expression.block]
    if block.steps is None:
        return label(spec, block)
    if batch_of(block):
        return f"the final states of {label(spec, block)}"
    if block.direction is Direction.BIDIRECTIONAL:
        return f"the final states of {label(spec, block)} in both directions, concatenated"
    which = "first" if block.direction is Direction.BACKWARD else "last"
    return f"the {which} step of {label(spec, block)}"


def _carried(expression: CarriedState, spec: ModelSpec) -> str:
    """What the call before left of a block; an initial state that nothing is given back to is just that."""
    owner = label(spec, spec.blocks[expression.block])
    if not expression.is_value and not carry_of(spec.blocks[expression.block]).is_given:
        return f"the initial state of {owner}"
    count = 1 if expression.steps is None else length(spec, expression.steps)
    which = "the last step" if count == 1 else f"the last {counted(count, 'step')}"
    return f"{which} of {owner} in the call before"


def _step(expression: Step, spec: ModelSpec) -> str:
    if isinstance(expression.of, ValidFirst):
        number = length(spec, expression.index + 1)
        return f"step {number} of the valid steps of {block_label(expression.of.of, spec)}"
    if isinstance(expression.of, LastSteps):
        return f"the last valid step of {block_label(expression.of.of, spec)}"
    if not isinstance(expression.of, Value):
        return f"one step of {describe(expression.of, spec)}"
    block = block_label(expression.of, spec)
    if expression.index + 1 == expression.steps:
        return f"the last step of {block}"
    if expression.index == Size.of(0):
        return f"the first step of {block}"
    return f"{numbered(expression.index, expression.steps, spec)} of {block}"


def _repeated(expression: Repeat, spec: ModelSpec) -> Phrase:
    count = length(spec, expression.count)
    if isinstance(expression.of, CarriedState):
        return phrase(expression.of, spec)
    if count == 1:
        return phrase(expression.of, spec).then(", as one step")
    every = "every step" if count == ANY else f"each of {count} steps"
    return phrase(expression.of, spec).then(f", repeated at {every}")


def _padded(expression: Pad, spec: ModelSpec) -> Phrase:
    before = [Phrase(f"{steps(spec, expression.before)} of zeros")] * (
        expression.before != Size.of(0)
    )
    after = [Phrase(f"{steps(spec, expression.after)} of zeros")] * (expression.after != Size.of(0))
    return beside([*before, phrase(expression.of, spec), *after], ", then ")


def _ruler(expression: Expression, spec: ModelSpec) -> str:
    return (
        block_label(expression, spec)
        if isinstance(expression, Value)
        else f"({describe(expression, spec)})"
    )
