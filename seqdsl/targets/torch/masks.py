"""token ids and masks → PyTorch: what has steps and no features, (batch, steps)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    CarriedState,
    ConcatPlaces,
    ConcatTime,
    Expression,
    Pad,
    RepeatSteps,
    Slice,
    Step,
    Value,
    Zeros,
    walk,
)
from seqdsl.targets.code import (
    Attribute,
    Binary,
    Code,
    Index,
    Prefix,
    Text,
    call,
    enclosed,
    grouped,
    method,
    tuple_of,
)
from seqdsl.targets.emit.expressions import carried_state
from seqdsl.targets.emit.masks import StepReads, mask_of
from seqdsl.targets.emit.padding import Spelling, spread_over
from seqdsl.targets.torch.axes import as_places, repeated_steps
from seqdsl.targets.torch.expressions import (
    WORDS,
    along_time,
    dynamic,
    emit,
    gathered,
    joined,
    repeat_steps,
    steps_in,
    take,
)

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
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
    if isinstance(expression, ConcatPlaces):
        to.note_read(expression, WORDS[ConcatPlaces])
        return as_places([emit_ids(part, to) for part in expression.parts])
    if isinstance(expression, ConcatTime):
        to.note_read(expression, WORDS[ConcatTime])
        return joined([emit_ids(part, to) for part in expression.parts], 1)
    return Index(emit(expression, to), "..., 0")


def _all_valid(value: Code) -> Code:
    return call("torch.ones_like", value, dtype="torch.bool")


def _padded(expression: Pad, mask: Code) -> Code:
    return call("F.pad", mask, tuple_of(expression.before, expression.after), value=True)


_READS = StepReads(emit, along_time, gathered, repeated_steps, dynamic, joined, _padded, _all_valid)


def emit_mask(expression: Expression, to: TorchEmitter) -> Code:
    """The mask of an expression, (batch, steps): in it a node stands for its mask."""
    return mask_of(to.local(expression), to, _READS, lambda inner: emit_mask(inner, to))


def zeroed(value: Code, mask: Code, axes: int = 1) -> Code:
    """A value whose padded steps are zero; each step has so many axes, and token ids none."""
    spread = Index(mask, spread_over(axes)) if axes else grouped(mask)
    return method(value, "masked_fill", Prefix("~", spread), 0)


def _valid_steps(value: Code, marks: str, axes: int) -> Code:
    over = -1 if axes == 1 else tuple_of(*range(-axes, 0))
    return method(enclosed(Binary("!=", (value, Text(marks)))), "any", dim=over)


def _valid_tokens(ids: Code, marks: str) -> Code:
    return Binary("!=", (ids, Text(marks)))


def _before_end(node: Node, lengths: Code, to: TorchEmitter) -> Code:
    """Where steps come before the length of their sample: `steps < x_lengths[:, None]`, which are 0 1 2 3 ..."""
    value = to.values[node.index]
    numbers = call("torch.arange", steps_in(value), device=Attribute(value, "device"))
    steps = to.name("steps", numbers)
    # Nobody else reads them: they go where the mask goes.
    to.mask_lengths[steps] = lengths
    return Binary("<", (steps, Index(lengths, ":, None")))


def _check(index: int, mask: Code, to: TorchEmitter) -> None:
    to.run(call(to.function("check_padding"), mask))


SPELLING = Spelling(
    emit_ids, emit_mask, _valid_steps, _valid_tokens, _before_end, zeroed, _all_valid, _check
)
