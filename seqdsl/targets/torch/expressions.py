"""tensor expressions → PyTorch: a table with a function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import (
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
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    ValidFirst,
    Value,
    Zeros,
)
from seqdsl.size import Size
from seqdsl.targets.code import (
    Attribute,
    Binary,
    Code,
    Index,
    Prefix,
    Text,
    call,
    enclosed,
    flat,
    grouped,
    method,
    tuple_of,
)
from seqdsl.targets.emit.expressions import Table, combined_by, emit_by, made_by
from seqdsl.targets.emit.indexing import index_text, steps_text
from seqdsl.targets.emit.masks import last_valid, order
from seqdsl.targets.emit.padding import lacking, spread_over
from seqdsl.targets.notes import code as word_of
from seqdsl.targets.torch.axes import (
    as_places,
    axes_of,
    features_axis,
    padded,
    repeated_steps,
    size_of,
    sizes_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.targets.torch.emitter import TorchEmitter

_ONE = Size.of(1)


def emit(expression: Expression, to: TorchEmitter) -> Code:
    """The code of an expression; what takes more than an index gets a variable."""
    return emit_by(TABLE, to.local(expression), to)


def emit_made(expression: Expression, to: TorchEmitter) -> Code:
    """The code of an expression that is made of others, itself in no variable."""
    return made_by(TABLE, to.local(expression), to)


def joined(parts: Sequence[Code], axis: int) -> Code:
    """Values one after the other on an axis."""
    # A tuple of one is never joined, so none is written with a comma.
    return call("torch.cat", tuple_of(*parts), dim=axis)


_OF_TWO = {"max": "torch.maximum", "min": "torch.minimum"}


def combined(how: str, parts: Sequence[Code]) -> Code:
    """Values of equal shape, combined element by element."""
    return combined_by(_OF_TWO, how, parts)


def steps_in(value: Code) -> Code:
    """The number of steps of a sequence, or of its mask."""
    return size_of(value, "1")


def repeated(vector: Code, count: object, axes: int = 1) -> Code:
    """A vector, or a value of so many axes, at each of so many steps."""
    # `expand` copies nothing: all steps are the same memory.
    return method(method(vector, "unsqueeze", 1), "expand", -1, count, *[-1] * axes)


def along_time(expression: Step | Slice, inner: Code, to: TorchEmitter) -> Code:
    """Some steps, or one, of what has its steps on the second axis."""
    if isinstance(expression, Step):
        index = index_text(expression.index, expression.steps, to.graph.free)
        if inner in to.apart:
            return Index(to.apart[inner], index)
        return Index(inner, f":, {index}")
    text = steps_text(expression, to.graph.free)
    # Tensors have no negative strides: `x[:, ::-1]` raises, and `flip` copies.
    forward = inner if text == ":" else Index(inner, f":, {text}")
    return forward if expression.stride > 0 else method(forward, "flip", 1)


def gathered(expression: Gather, inner: Code) -> Code:
    """Steps by their indices."""
    return Index(inner, f":, {list(expression.indices)}")


def _with_steps(expression: Expression, to: TorchEmitter) -> Code:
    """A sequence whose steps are counted: of token ids as it is, without an axis of features."""
    return to.values[expression.block] if isinstance(expression, Value) else emit(expression, to)


def dynamic(expression: DynamicSlice, inner: Code, to: TorchEmitter) -> Code:
    """As many steps as another sequence has."""
    count = flat(steps_in(_with_steps(expression.like, to)))
    if expression.before is None:
        return Index(inner, f":, : {count}")
    start = flat(steps_in(_with_steps(expression.before, to)))
    return Index(inner, f":, {start} : {start} + {count}")


def _last_steps(expression: LastSteps, to: TorchEmitter) -> Code:
    """The last valid steps; zero in front of them where a sample has fewer.

    Of a sample ``a b c .`` (a dot is padding) the last two are ``b c``: its steps 3 - 2 + (0, 1).
    """
    index, count = expression.of.block, expression.count
    mask, value = to.masks[index], emit(expression.of, to)
    last = Text(to.names.claim("last"))
    at_end = to.graph.nodes[index].masking.at_end
    to.note_read(expression, "`.take_along_dim`" if at_end else "`take_steps`")
    if not at_end:
        # a . b . c, its padding first: 1 3 0 2 4, of which the last two are b and c. Of `. . a` they are a padded
        # step, which holds zero, and a.
        padded_first = call(to.function("true_first"), Prefix("~", mask))
        to.assign(last, Index(padded_first, f":, -{flat(grouped(count))}:"))
        take = to.function("take_steps")
        to.last_masks[expression] = call(take, mask, last)
        return call(take, value, last)
    to.last_masks[expression] = Binary(">=", (last, Text("0")))
    steps = call("torch.arange", count, device=Attribute(mask, "device"))
    back = Text(str(count)) if len(count.terms) == 1 else enclosed(Text(str(count)))
    lengths = method(mask, "sum", dim=1, keepdim=True)
    to.assign(last, Binary("+", (Binary("-", (lengths, back)), steps)))
    # (batch, count) as (batch, count, 1), of images (batch, count, 1, 1, 1)
    spread = spread_over(axes_of(expression, to))
    places = Index(method(last, "clamp", min=0), spread)
    missing = Index(enclosed(Binary("<", (last, Text("0")))), spread)
    found = method(value, "take_along_dim", places, dim=1)
    return method(found, "masked_fill", missing, lacking(to.graph.nodes[index], "0"))


def _valid_first(expression: ValidFirst, to: TorchEmitter) -> Code:
    steps = order(to.masks[expression.of.block], to)
    to.note_read(expression, "`true_first`")
    return call(to.function("take_steps"), emit(expression.of, to), steps)


def _last_valid(expression: LastValid, to: TorchEmitter) -> Code:
    to.note_read(expression, "`last_valid`")
    to.function("take_steps")
    return last_valid(expression, emit, to)


def _repeat(expression: Repeat, to: TorchEmitter) -> Code:
    vector = emit(expression.of, to)
    if expression.count == _ONE:
        to.note_read(expression, "`.unsqueeze(1)`")
        return method(vector, "unsqueeze", 1)
    to.note_read(expression, "`unsqueeze(1)` and `expand`")
    if expression.like is not None:
        return repeated(vector, steps_in(emit(expression.like, to)), axes_of(expression, to))
    return repeated(vector, expression.count, axes_of(expression, to))


def repeat_steps(expression: RepeatSteps, value: Code, to: TorchEmitter) -> Code:
    """Each step in turn so many times, and a note of it."""
    to.note_read(expression, word_of(f".repeat_interleave({expression.times}, dim=1)"))
    return repeated_steps(value, expression.times)


def take(expression: Step | Slice, inner: Code, to: TorchEmitter) -> Code:
    """Some steps of a value, or one, and a note of how they are read."""
    value = along_time(expression, inner, to)
    if isinstance(expression, Slice) and expression.stride < 0:
        to.note_read(expression, "`.flip(1)`")
    elif isinstance(value, Index) and value != inner:
        to.note_read(expression, word_of(f"[{value.index}]"))
    return value


def _combine(expression: Elementwise, to: TorchEmitter) -> Code:
    parts = [emit(part, to) for part in expression.parts]
    to.note_read(expression, _COMBINED[expression.how])
    return combined(expression.how, parts)


def _noted(function: Callable[[Any, TorchEmitter], Code]) -> Callable[[Any, TorchEmitter], Code]:
    """A function for expressions that PyTorch has one word for, whatever they are made of."""

    def noted(expression: Expression, to: TorchEmitter) -> Code:
        value = function(expression, to)
        to.note_read(expression, WORDS[type(expression)])
        return value

    return noted


def _side_by_side(expression: ConcatFeatures, to: TorchEmitter) -> Code:
    axis = features_axis(expression, to)
    value = joined([emit(part, to) for part in expression.parts], axis)
    to.note_read(expression, f"`torch.cat(..., dim={axis})`")
    return value


def _zeros(expression: Zeros, to: TorchEmitter) -> Code:
    # For the batch's size alone an input serves as well as a state.
    given = [item.name for item in to.graph.inputs if item.dtype == "float32"]
    like = Text(given[0]) if given and not expression.free else emit(expression.like, to)
    count = steps_in(like) if expression.free else expression.count
    return method(like, "new_zeros", size_of(like, "0"), count, *sizes_of(expression))


def _variable(expression: Expression, to: TorchEmitter) -> str:
    if isinstance(expression, Repeat):
        return "" if expression.count == _ONE else "repeated"
    return _NAMES.get(type(expression), "")


_NAMES: dict[type, str] = {
    ConcatFeatures: "joined",
    ConcatPlaces: "places",
    ConcatTime: "joined",
    Elementwise: "combined",
    Gather: "gathered",
    LastSteps: "last_steps",
    LastValid: "held",
    Pad: "padded",
    RepeatSteps: "repeated",
    ValidFirst: "valid_first",
    Zeros: "zeros",
}
"""What the variable is called that a value gets."""

WORDS: dict[type, str] = {
    ConcatPlaces: "`torch.stack(..., dim=2)`",
    ConcatTime: "`torch.cat(..., dim=1)`",
    DynamicSlice: "`.shape[1]`",
    Flatten: "`.flatten(1)`",
    Gather: "a list of indices",
    Pad: "`F.pad`",
    Zeros: "`.new_zeros`",
}
"""What PyTorch calls an expression."""

_COMBINED = {
    "add": "`+`",
    "multiply": "`*`",
    "mean": "`+`",
    **{how: f"`{function}`" for how, function in _OF_TWO.items()},
}
"""What PyTorch calls a combination, element by element."""


def _sequence(function: Any) -> Any:
    """A function for what is made of one sequence, given that sequence's code."""
    return lambda expression, to: function(expression, emit(expression.of, to), to)


TABLE = Table(
    {
        ConcatFeatures: _side_by_side,
        ConcatPlaces: _noted(lambda item, to: as_places([emit(part, to) for part in item.parts])),
        ConcatTime: _noted(lambda item, to: joined([emit(part, to) for part in item.parts], 1)),
        DynamicSlice: _noted(_sequence(dynamic)),
        Elementwise: _combine,
        Flatten: _noted(lambda item, to: method(emit(item.of, to), "flatten", 1)),
        Gather: _noted(lambda item, to: gathered(item, emit(item.of, to))),
        LastSteps: _last_steps,
        LastValid: _last_valid,
        Pad: _noted(lambda item, to: padded(item, emit(item.of, to), to)),
        Repeat: _repeat,
        RepeatSteps: _sequence(repeat_steps),
        Slice: _sequence(take),
        Step: _sequence(take),
        ValidFirst: _valid_first,
        Zeros: _noted(_zeros),
    },
    _variable,
)
