"""token ids and masks → numpy: what has steps and no features, (batch, steps)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.changes import map_sizes
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
from seqdsl.targets.numpy.expressions import (
    along_time,
    as_places,
    dynamic,
    emit,
    gathered,
    joined,
    repeated_steps,
)

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def emit_ids(expression: Expression, to: NumpyEmitter) -> Code:
    """The code of token ids, (batch, steps) or (batch,): without an axis of features."""
    ids = _ids(map_sizes(expression, to.size), to)
    # Zero steps are of the type of what is computed with.
    mixed = any(isinstance(item, Zeros) for item in walk(expression))
    return method(ids, "astype", "int") if mixed else ids


def _ids(expression: Expression, to: NumpyEmitter) -> Code:
    if isinstance(expression, Value):
        return to.values[expression.block]
    if isinstance(expression, CarriedState):
        return carried_state(expression, to)
    if isinstance(expression, Step | Slice) and isinstance(expression.of, Value):
        return along_time(expression, to.values[expression.of.block], to)
    if isinstance(expression, RepeatSteps):
        return repeated_steps(emit_ids(expression.of, to), expression.times)
    if isinstance(expression, ConcatPlaces):
        return as_places([emit_ids(part, to) for part in expression.parts])
    if isinstance(expression, ConcatTime):
        return joined([emit_ids(part, to) for part in expression.parts], 1)
    return Index(emit(expression, to), "..., 0")


def _all_valid(value: Code) -> Code:
    return call("np.ones_like", value, dtype="bool")


def _padded(expression: Pad, mask: Code) -> Code:
    around = tuple_of(tuple_of(0, 0), tuple_of(expression.before, expression.after))
    return call("np.pad", mask, around, constant_values=True)


_READS = StepReads(emit, along_time, gathered, repeated_steps, dynamic, joined, _padded, _all_valid)


def emit_mask(expression: Expression, to: NumpyEmitter) -> Code:
    """The mask of an expression, (batch, steps): in it a node stands for its mask."""
    return mask_of(map_sizes(expression, to.size), to, _READS, lambda inner: emit_mask(inner, to))


def zeroed(value: Code, mask: Code, axes: int = 1) -> Code:
    """A value whose padded steps are zero; each step has so many axes, and token ids none."""
    spread = Index(grouped(mask), spread_over(axes)) if axes else mask
    return call("np.where", spread, value, 0)


def _valid_steps(value: Code, marks: str, axes: int) -> Code:
    over = -1 if axes == 1 else tuple_of(*range(-axes, 0))
    return method(enclosed(Binary("!=", (value, Text(marks)))), "any", axis=over)


def _valid_tokens(ids: Code, marks: str) -> Code:
    return Binary("!=", (ids, Text(marks)))


def _before_end(node: Node, lengths: Code, to: NumpyEmitter) -> Code:
    """Where steps come before the length of their sample: `np.arange(x.shape[1]) < x_lengths[:, None]`."""
    steps = call("np.arange", Index(Attribute(to.values[node.index], "shape"), "1"))
    return Binary("<", (steps, Index(lengths, ":, None")))


def _check(index: int, mask: Code, to: NumpyEmitter) -> None:
    # What a picture says with `padding=end` is taken for granted: other data gives other numbers, unnoticed.
    to.run(call(to.function("check_padding"), f'"{to.graph.nodes[index].name}"', mask))


SPELLING = Spelling(
    emit_ids, emit_mask, _valid_steps, _valid_tokens, _before_end, zeroed, _all_valid, _check
)
