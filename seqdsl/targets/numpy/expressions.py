"""tensor expressions → numpy: a table with a function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.changes import map_sizes
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
    Code,
    Index,
    Prefix,
    Text,
    call,
    flat,
    grouped,
    listing,
    method,
    tuple_of,
)
from seqdsl.targets.emit.expressions import Table, combined_by, emit_by, made_by
from seqdsl.targets.emit.indexing import index_text, steps_text
from seqdsl.targets.emit.masks import last_valid, order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.targets.numpy.emitter import NumpyEmitter

_ONE = Size.of(1)


def emit(expression: Expression, to: NumpyEmitter) -> Code:
    """The code of an expression; what takes more than an index gets a variable."""
    return emit_by(TABLE, map_sizes(expression, to.size), to)


def emit_made(expression: Expression, to: NumpyEmitter) -> Code:
    """The code of an expression that is made of others, itself in no variable."""
    return made_by(TABLE, map_sizes(expression, to.size), to)


def joined(parts: Sequence[Code], axis: int) -> Code:
    """Values one after the other on an axis."""
    return call("np.concatenate", listing(*parts), axis=axis)


_OF_TWO = {"max": "np.maximum", "min": "np.minimum"}


def combined(how: str, parts: Sequence[Code]) -> Code:
    """Values of equal shape, combined element by element."""
    return combined_by(_OF_TWO, how, parts)


def steps_in(expression: Expression, to: NumpyEmitter) -> Text:
    """The number of steps of a sequence."""
    # Of token ids as well, which have no axis of features.
    value = to.values[expression.block] if isinstance(expression, Value) else emit(expression, to)
    return Text(f"{flat(value)}.shape[1]")


def repeated(vector: Code, count: object) -> Code:
    """A vector at each of so many steps."""
    return call("np.repeat", Index(vector, ":, None"), count, axis=1)


def repeated_steps(value: Code, times: int) -> Code:
    """Each step in turn so many times."""
    return call("np.repeat", value, times, axis=1)


def along_time(expression: Step | Slice, inner: Code, to: NumpyEmitter) -> Code:
    """Some steps, or one, of what has its steps on the second axis."""
    if isinstance(expression, Step):
        index = index_text(expression.index, expression.steps, to.graph.free)
        return Index(inner, f":, {index}")
    # Steps 3 2 1 0 are `x[:, :4][:, ::-1]`. In one slice they would need an end before step 0, which -1 is not: it
    # is the last.
    text = steps_text(expression, to.graph.free)
    forward = inner if text == ":" else Index(inner, f":, {text}")
    return forward if expression.stride > 0 else Index(forward, ":, ::-1")


def dynamic(expression: DynamicSlice, inner: Code, to: NumpyEmitter) -> Code:
    """As many steps as another sequence has."""
    count = flat(steps_in(expression.like, to))
    if expression.before is None:
        return Index(inner, f":, : {count}")
    start = flat(steps_in(expression.before, to))
    return Index(inner, f":, {start} : {start} + {count}")


def gathered(expression: Gather, inner: Code) -> Code:
    """Steps by their indices."""
    return Index(inner, f":, {list(expression.indices)}")


def padded(value: Code, before: Size, after: Size, to: NumpyEmitter, axes: int = 1) -> Code:
    """A sequence, whose steps have so many axes, with zero steps before and after it."""
    nothing = tuple_of(0, 0)
    steps = tuple_of(to.size(before), to.size(after))
    return call("np.pad", value, tuple_of(nothing, steps, *[nothing] * axes))


def _last_steps(expression: LastSteps, to: NumpyEmitter) -> Code:
    """The last valid steps; zero in front of them where a sample has fewer.

    Of a sample ``. a . b c`` (a dot is padding), the padded ones first are ``. . a b c``, the last two ``b c``.
    """
    mask, value = to.masks[expression.of.block], emit(expression.of, to)
    padded_first = call(to.function("true_first"), Prefix("~", mask))
    last = to.name("last", Index(padded_first, f":, -{flat(grouped(expression.count))}:"))
    take = to.function("take_steps")
    to.last_masks[expression] = call(take, mask, last)
    # What padded steps hold is zero.
    return call(take, value, last)


def _valid_first(expression: ValidFirst, to: NumpyEmitter) -> Code:
    """The valid steps, then the padded ones: of ``. a . b c`` it is ``a b c . .``."""
    steps = order(to.masks[expression.of.block], to)
    return call(to.function("take_steps"), emit(expression.of, to), steps)


def _last_valid(expression: LastValid, to: NumpyEmitter) -> Code:
    to.function("take_steps")
    return last_valid(expression, emit, to)


def _repeat(expression: Repeat, to: NumpyEmitter) -> Code:
    vector = emit(expression.of, to)
    if expression.count == _ONE:
        return Index(vector, ":, None")
    if expression.like is not None:
        return repeated(vector, steps_in(expression.like, to))
    return repeated(vector, expression.count)


def _zeros(expression: Zeros, to: NumpyEmitter) -> Code:
    like = emit(expression.like, to)
    count = steps_in(expression.like, to) if expression.free else expression.count
    sizes = (*expression.grid, expression.width)
    return call("np.zeros", tuple_of(f"len({flat(like)})", count, *sizes), to.dtype)


def _padded(expression: Pad, to: NumpyEmitter) -> Code:
    axes = 1 + len(to.places(expression))
    return padded(emit(expression.of, to), expression.before, expression.after, to, axes)


def _flatten(expression: Flatten, to: NumpyEmitter) -> Code:
    value = emit(expression.of, to)
    # Read twice: taken.reshape(len(taken), -1).
    if not isinstance(value, Text):
        value = to.name("taken", value)
    return method(value, "reshape", f"len({flat(value)})", -1)


def _concat(axis: int) -> Any:
    return lambda expression, to: joined([emit(part, to) for part in expression.parts], axis)


def as_places(parts: Sequence[Code]) -> Code:
    """Values of each step as places of one grid."""
    # (batch, steps, features), or (batch, steps) of ids: the places have the axis after the steps.
    return call("np.stack", listing(*parts), axis=2)


def _sequence(function: Any) -> Any:
    """A function for what is made of one sequence, given that sequence's code."""
    return lambda expression, to: function(expression, emit(expression.of, to), to)


def _variable(expression: Expression, to: NumpyEmitter) -> str:
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

TABLE = Table(
    {
        ConcatFeatures: _concat(-1),
        ConcatPlaces: lambda item, to: as_places([emit(part, to) for part in item.parts]),
        ConcatTime: _concat(1),
        DynamicSlice: _sequence(dynamic),
        Elementwise: lambda item, to: combined(item.how, [emit(part, to) for part in item.parts]),
        Flatten: _flatten,
        Gather: lambda item, to: gathered(item, emit(item.of, to)),
        LastSteps: _last_steps,
        LastValid: _last_valid,
        Pad: _padded,
        Repeat: _repeat,
        RepeatSteps: lambda item, to: repeated_steps(emit(item.of, to), item.times),
        Slice: _sequence(along_time),
        Step: _sequence(along_time),
        ValidFirst: _valid_first,
        Zeros: _zeros,
    },
    _variable,
)
