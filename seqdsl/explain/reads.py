"""how a block reads others → a clause about it, by the class of the expression."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.explain.expressions import describe, phrase
from seqdsl.explain.words import label, length, listed, steps
from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatPlaces,
    ConcatTime,
    DynamicSlice,
    Elementwise,
    Expression,
    Flatten,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    Pool,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    ValidFirst,
    Zeros,
    walk,
)
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.model.spec import Block, ModelSpec

_NOTHING = Size.of(0)


def _slice(view: Expression, spec: ModelSpec) -> str:
    assert isinstance(view, Slice)
    what = phrase(view, spec)
    return f"Only {what} {'is' if what.is_one else 'are'} read"


def _step(view: Expression, spec: ModelSpec) -> str:
    return f"One step is selected: {describe(view, spec)}"


def _repeat(view: Expression, spec: ModelSpec) -> str:
    assert isinstance(view, Repeat)
    if length(spec, view.count) == 1:
        return "One value becomes a sequence of one step"
    return f"A bus passes {describe(view.of, spec)} to every step"


def _repeat_steps(view: Expression, spec: ModelSpec) -> str:
    assert isinstance(view, RepeatSteps)
    return f"Each step is read by {view.times} nodes, so it is repeated {view.times} times"


def read_text(view: Expression, block: Block, spec: ModelSpec) -> str | None:
    """How a block reads others, in one clause about a part of its expression; ``None``: there is nothing to say."""
    if isinstance(view, Pad) and view.before.terms and block.delayed:
        return _before(view, block, spec)
    if isinstance(view, ConcatTime) and any(isinstance(item, CarriedState) for item in walk(view)):
        # What that is, is said of what the block reads.
        return "Before the first step of a letter, its delayed nodes give what the call before left"
    text_of = _READS.get(type(view))
    return None if text_of is None else text_of(view, spec)


def _before(view: Pad, block: Block, spec: ModelSpec) -> str:
    """What delayed nodes give before the first step of their letter.

    ::

        Y   Y   Y       the first `h`
        |   |   |
        h H h H h H
    """
    letters = listed([label(spec, spec.blocks[index]) for index in block.delayed])
    count = length(spec, view.before)
    text = f"Before the first step of {letters}, {'a delayed node gives' if count == 1 else 'delayed nodes give'} zeros"
    after = replace(view, before=_NOTHING)
    return text if not view.after.terms else f"{text}. {_pad(after, spec)}"


def _or_one(text: str) -> str:
    """Steps behind "the first": "3 steps", or just "step"."""
    return text.removeprefix("1 ")


def _pad(view: Expression, spec: ModelSpec) -> str:
    assert isinstance(view, Pad)
    where = []
    if view.before.terms:
        where.append(f"the first {_or_one(steps(spec, view.before))}")
    if view.after.terms:
        where.append(f"the last {_or_one(steps(spec, view.after))}")
    return f"No wire enters {' and '.join(where)}, so zeros are used there"


def _always(text: str) -> Callable[[Expression, ModelSpec], str]:
    return lambda view, spec: text


_READS: dict[type, Callable[[Expression, ModelSpec], str]] = {
    Slice: _slice,
    Repeat: _repeat,
    RepeatSteps: _repeat_steps,
    Pad: _pad,
    ConcatFeatures: _always("Several wires into one node are concatenated along the features"),
    ConcatPlaces: _always("The wires of each node are the steps that are read there"),
    ConcatTime: _always(
        "Different blocks feed different steps of one row, so they are concatenated along time"
    ),
    Flatten: _always("All steps are flattened into one vector"),
    Gather: _always("The wires follow no regular pattern, so steps are selected by index"),
    Step: _step,
    LastSteps: _always(
        "The last steps of a padded sequence are the last valid steps of each sample"
    ),
    ValidFirst: _always(
        "Steps are counted over the valid steps of a padded sequence, so these are moved to the front"
    ),
    LastValid: _always(
        "A delayed node gives what its letter gave at the last valid step, so padded steps are skipped"
    ),
    DynamicSlice: _always(
        "The length is known at run time only, so it is taken from a sequence of that length"
    ),
    Zeros: _always("A row without an input reads zeros"),
    Elementwise: _always("Several wires are combined element by element"),
    Pool: _always(
        "Each step that a bus leads is one of the values that are combined, so a missing one is none"
    ),
}
"""What is to be said of an expression, by its class; of the others nothing."""
