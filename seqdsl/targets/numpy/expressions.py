"""tensor expressions → numpy: a table with a function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from seqdsl.size import Size
from seqdsl.targets.code import Binary, Code, Index, call, code, flat, listing, method, tuple_of
from seqdsl.targets.code.expressions import operand
from seqdsl.targets.emit.indexing import index_text, slice_text
from seqdsl.targets.numpy.emitter import Emitter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


ONE = Size.of(1)


def emit(expression: Expression, to: Emitter) -> Code:
    """The code of an expression; what more than an index makes gets a variable."""
    if isinstance(expression, Value):
        value = to.values[expression.block]
        # Expressions are of features; of token ids each step has just one.
        is_tokens = layer_def(to.graph.nodes[expression.block].kind).gives_ids
        return Index(operand(value), "..., None") if is_tokens else value
    if isinstance(expression, FinalState):
        return to.finals[expression.block]
    if expression not in to._expressions:
        made = _TABLE[type(expression)](expression, to)
        name = _NAMES.get(type(expression))
        to._expressions[expression] = to.name(name, made) if name else made
    return to._expressions[expression]


def emit_ids(expression: Expression, to: Emitter) -> Code:
    """The code of token ids, (batch, steps) or (batch,): without an axis of features."""
    if isinstance(expression, Value):
        return to.values[expression.block]
    if isinstance(expression, Step | Slice) and isinstance(expression.of, Value):
        return _along_time(expression, to.values[expression.of.block], to)
    if isinstance(expression, RepeatSteps):
        return call("np.repeat", emit_ids(expression.of, to), expression.times, axis=1)
    ids = Index(operand(emit(expression, to)), "..., 0")
    # Zero steps are of the type of what is computed with.
    return method(ids, "astype", "int")


def emit_mask(masks: Sequence[Expression], to: Emitter) -> Code | None:
    """The steps that are valid in all of ``masks``, (batch, steps); ``None`` if there are none."""
    parts = list(dict.fromkeys(_mask(mask, to) for mask in masks))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Binary("&", tuple(map(operand, parts)))


def _mask(expression: Expression, to: Emitter) -> Code:
    if isinstance(expression, Value):
        return to.masks[expression.block]
    if isinstance(expression, ValidFirst | LastSteps):
        return to.name("valid", _taken(to.masks[expression.of.block], expression, to))
    inner: Code = _mask(expression.of, to)  # type: ignore[union-attr]
    if isinstance(expression, Slice):
        return _along_time(expression, inner, to)
    if isinstance(expression, Gather):
        return Index(operand(inner), f":, {list(expression.indices)}")
    if isinstance(expression, RepeatSteps):
        return call("np.repeat", inner, expression.times, axis=1)
    assert isinstance(expression, DynamicSlice)
    return _dynamic(expression, inner, to)


def _along_time(expression: Step | Slice, inner: Code, to: Emitter) -> Code:
    """Some steps, or one, of what has its steps on the second axis."""
    free = to.graph.free
    if isinstance(expression, Step):
        index = index_text(to.local(expression.index), to.local(expression.steps), free)
        return Index(operand(inner), f":, {index}")
    stride = abs(expression.stride)
    first = expression.start
    if expression.stride < 0:
        first = first - (expression.count - 1) * stride
    sizes = (to.local(first), to.local(expression.count))
    text = slice_text(*sizes, stride, to.local(expression.steps), free)
    forward = inner if text == ":" else Index(operand(inner), f":, {text}")
    return forward if expression.stride > 0 else Index(operand(forward), ":, ::-1")


def _taken(value: Code, expression: ValidFirst | LastSteps, to: Emitter) -> Code:
    """The steps of a value or a mask, the valid ones first; or the last valid ones.

    Of a sample ``. a . b c`` (a dot is padding), the valid ones first are ``a b c . .``, the last two ``b c``.
    """
    mask = to.masks[expression.of.block]
    if isinstance(expression, ValidFirst):
        order: Code = call(to.function("true_first"), mask)
    else:
        padded_first = call(to.function("true_first"), f"~{flat(operand(mask))}")
        order = Index(padded_first, f":, -{flat(operand(to.size(expression.count)))}:")
    return call(to.function("take_steps"), value, to.name("order", order))


def _taken_steps(expression: Any, to: Emitter) -> Code:
    return _taken(emit(expression.of, to), expression, to)


def _dynamic(expression: DynamicSlice, inner: Code, to: Emitter) -> Code:
    count = f"{flat(operand(emit(expression.like, to)))}.shape[1]"
    if expression.before is None:
        return Index(operand(inner), f":, :{count}")
    start = f"{flat(operand(emit(expression.before, to)))}.shape[1]"
    return Index(operand(inner), f":, {start} : {start} + {count}")


def _repeat(expression: Any, to: Emitter) -> Code:
    vector = Index(operand(emit(expression.of, to)), ":, None")
    if expression.like is not None:
        count = f"{flat(operand(emit(expression.like, to)))}.shape[1]"
    elif expression.count == ONE:
        return vector
    else:
        count = to.size(expression.count)
    return call("np.repeat", vector, count, axis=1)


def _zeros(expression: Any, to: Emitter) -> Code:
    like = flat(operand(emit(expression.like, to)))
    count = f"{like}.shape[1]" if expression.free else to.size(expression.count)
    shape = tuple_of(f"len({like})", count, to.size(expression.width))
    return call("np.zeros", shape, "self.dtype")


def pad(value: Code, before: Size, after: Size, to: Emitter) -> Code:
    """A sequence with zero steps before and after it."""
    nothing = tuple_of(0, 0)
    steps = tuple_of(to.size(before), to.size(after))
    return call("np.pad", value, tuple_of(nothing, steps, nothing))


def _padded(expression: Any, to: Emitter) -> Code:
    return pad(emit(expression.of, to), expression.before, expression.after, to)


def _concat(expression: Any, to: Emitter) -> Code:
    axis = 1 if isinstance(expression, ConcatTime) else -1
    return call(
        "np.concatenate", listing(*(emit(part, to) for part in expression.parts)), axis=axis
    )


def elementwise(how: str, parts: Sequence[Code]) -> Code:
    """Values of equal shape, combined element by element."""
    if len(parts) == 1:
        return parts[0]
    if how == "max":
        found = parts[0]
        for part in parts[1:]:
            found = call("np.maximum", found, part)
        return found
    whole = Binary("*" if how == "multiply" else "+", tuple(map(operand, parts)))
    return Binary("/", (operand(whole), code(len(parts)))) if how == "mean" else whole


def _elementwise(expression: Any, to: Emitter) -> Code:
    return elementwise(expression.how, [emit(part, to) for part in expression.parts])


_NAMES: dict[type, str] = {
    Repeat: "repeated",
    RepeatSteps: "repeated",
    Pad: "padded",
    ConcatTime: "joined",
    ConcatFeatures: "joined",
    Zeros: "zeros",
    Elementwise: "combined",
    LastSteps: "last_steps",
    ValidFirst: "valid_first",
    Gather: "gathered",
}
"""What a value is called that gets a variable."""

_TABLE: dict[type, Callable[[Any, Emitter], Code]] = {
    Slice: lambda expression, to: _along_time(expression, emit(expression.of, to), to),
    Step: lambda expression, to: _along_time(expression, emit(expression.of, to), to),
    DynamicSlice: lambda expression, to: _dynamic(expression, emit(expression.of, to), to),
    LastSteps: _taken_steps,
    ValidFirst: _taken_steps,
    Repeat: _repeat,
    RepeatSteps: lambda expression, to: call(
        "np.repeat", emit(expression.of, to), expression.times, axis=1
    ),
    Pad: _padded,
    Zeros: _zeros,
    ConcatTime: _concat,
    ConcatFeatures: _concat,
    Elementwise: _elementwise,
    Flatten: lambda expression, to: method(
        value := emit(expression.of, to), "reshape", f"len({flat(value)})", -1
    ),
    Gather: lambda expression, to: Index(
        operand(emit(expression.of, to)), f":, {list(expression.indices)}"
    ),
}
