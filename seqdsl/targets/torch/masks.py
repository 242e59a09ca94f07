"""token ids and masks → PyTorch: what has steps and no features, (batch, steps)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    CarriedState,
    ConcatTime,
    Expression,
    RepeatSteps,
    Slice,
    Step,
    Value,
    Zeros,
    walk,
)
from seqdsl.targets.code import Binary, Code, Index, Prefix, Text, call, enclosed, grouped, method
from seqdsl.targets.emit.expressions import carried_state
from seqdsl.targets.emit.masks import StepReads, mask_of
from seqdsl.targets.emit.padding import Spelling
from seqdsl.targets.torch.expressions import (
    WORDS,
    along_time,
    dynamic,
    emit,
    gathered,
    joined,
    repeat_steps,
    repeated_steps,
    take,
)

if TYPE_CHECKING:
    from seqdsl.targets.torch.emitter import TorchEmitter


def emit_ids(expression: Expression, to: TorchEmitter) -> Code:
    """The code of token ids, (batch, steps) or (batch,): without an axis of features."""
    ids = _ids(to.local(expression), to)
    # Zero steps are of the type of what tells their number.
    mixed = any(isinstance(item, Zeros) for item in walk(expression))
    return method(ids, "long") if mixed else ids


def _ids(expression: Expression, to: TorchEmitter) -> Code:
    if isinstance(expression, Value):
        return to.values[expression.block]
    if isinstance(expression, CarriedState):
        return carried_state(expression, to)
    if isinstance(expression, Step | Slice) and isinstance(expression.of, Value):
        return take(expression, to.values[expression.of.block], to)
    if isinstance(expression, RepeatSteps):
        return repeat_steps(expression, emit_ids(expression.of, to), to)
    if isinstance(expression, ConcatTime):
        to.note_read(expression, WORDS[ConcatTime])
        return joined([emit_ids(part, to) for part in expression.parts], 1)
    return Index(emit(expression, to), "..., 0")


def _all_valid(value: Code) -> Code:
    return call("torch.ones_like", value, dtype="torch.bool")


_READS = StepReads(emit, along_time, gathered, repeated_steps, dynamic, joined, _all_valid)


def emit_mask(expression: Expression, to: TorchEmitter) -> Code:
    """The mask of an expression, (batch, steps): in it a node stands for its mask."""
    return mask_of(to.local(expression), to, _READS, lambda inner: emit_mask(inner, to))


def zeroed(value: Code, mask: Code, places: int = 0) -> Code:
    """A value whose padded steps are zero, each of features at ``places`` axes of a grid."""
    # mask[..., None] of (batch, steps, features), mask[..., None, None, None] of images
    index = ", ".join(["...", *["None"] * (1 + places)])
    return method(value, "masked_fill", Prefix("~", Index(mask, index)), 0)


def _zeroed_ids(ids: Code, mask: Code) -> Code:
    """Token ids, 0 in padded steps."""
    return method(ids, "masked_fill", Prefix("~", grouped(mask)), 0)


def _valid_steps(value: Code, marks: str) -> Code:
    return method(enclosed(Binary("!=", (value, Text(marks)))), "any", dim=-1)


def _valid_tokens(ids: Code, marks: str) -> Code:
    return Binary("!=", (ids, Text(marks)))


def _check(index: int, mask: Code, to: TorchEmitter) -> None:
    to.run(call(to.function("check_padding"), mask))


SPELLING = Spelling(emit_ids, emit_mask, _valid_steps, _valid_tokens, zeroed, _zeroed_ids, _check)
