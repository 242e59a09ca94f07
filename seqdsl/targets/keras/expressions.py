"""tensor expressions → Keras: a table with a function for each; a layer where Keras has one, else operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    ValidFirst,
    Value,
    Zeros,
    children,
)
from seqdsl.ir.free_streams import PIECE
from seqdsl.layers import Combination
from seqdsl.size import Size
from seqdsl.targets.code import (
    Binary,
    Code,
    Index,
    Text,
    call,
    enclosed,
    flat,
    grouped,
    listing,
)
from seqdsl.targets.emit.expressions import Table, carried_state, emit_by
from seqdsl.targets.emit.indexing import index_text, steps_text
from seqdsl.targets.emit.layers import constructor
from seqdsl.targets.emit.masks import last_valid
from seqdsl.targets.emit.padding import lacking, spread_over
from seqdsl.targets.keras.grid_steps import grids_of_zeros, steps_of_grids
from seqdsl.targets.keras.merging import addable
from seqdsl.targets.keras.reshaping import (
    REPEATED,
    concatenate,
    is_cropped,
    layer_of,
    one_feature,
    repeat_vector,
    repeated_like,
    word_for,
)
from seqdsl.targets.keras.variables import variable
from seqdsl.targets.notes import code as word_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.targets.keras.emitter import KerasEmitter

_ONE = Size.of(1)


def emit(expression: Expression, to: KerasEmitter) -> Code:
    """The code of an expression; what takes more than an index gets a variable."""
    return emit_by(TABLE, expression, to)


def emit_ids(expression: Expression, to: KerasEmitter) -> Code:
    """The code of token ids, (batch, steps) or (batch,): without an axis of features."""
    if isinstance(expression, Value):
        return to.values[expression.block]
    if isinstance(expression, CarriedState):
        return carried_state(expression, to)
    if isinstance(expression, Step | Slice) and isinstance(expression.of, Value):
        return _along_time(expression, to.values[expression.of.block], to)
    if isinstance(expression, RepeatSteps):
        to.note_read(expression, "`ops.repeat`")
        return repeated_steps(emit_ids(expression.of, to), expression.times)
    if isinstance(expression, ConcatPlaces):
        return _places(expression, emit_ids, to)
    if isinstance(expression, ConcatTime):
        to.note_read(expression, "`Concatenate(axis=1)`")
        parts = [emit_ids(part, to) for part in expression.parts]
        return call(concatenate(axis=1), listing(*parts))
    return Index(emit(expression, to), "..., 0")


def _places(
    expression: ConcatPlaces, see: Callable[[Expression, KerasEmitter], Code], to: KerasEmitter
) -> Code:
    """Values of each step as places of one grid."""
    # (batch, steps, features), or (batch, steps) of ids: the places have the axis after the steps.
    to.note_read(expression, "`ops.stack`")
    return call("ops.stack", listing(*(see(part, to) for part in expression.parts)), axis=2)


def order(mask: Code, to: KerasEmitter) -> Code:
    """The variable that holds the order of steps that puts the valid ones first."""
    if mask not in to.orders:
        to.orders[mask] = to.name("order", call(to.function("true_first"), mask))
    return to.orders[mask]


def flipped(value: Code) -> Code:
    """A sequence, or its mask, from the last step to the first."""
    return call("ops.flip", value, axis=1)


def taken(value: Code, steps: Code) -> Code:
    """Steps of a sequence, or of its mask, by their indices in each sample."""
    return call("ops.take_along_axis", value, steps, axis=1)


def repeated_steps(value: Code, times: int) -> Code:
    """Each step of a sequence, or of its mask, so many times in turn."""
    return call("ops.repeat", value, times, axis=1)


def gathered(expression: Gather, value: Code) -> Code:
    """Chosen steps of a sequence, or of its mask, the same in each sample."""
    return call("ops.take", value, list(expression.indices), axis=1)


def between(expression: DynamicSlice, value: Code, to: KerasEmitter) -> Code:
    """As many steps of a sequence, or of its mask, as another has."""
    # A layer of its own: a free length is None while a functional model is built, and a number in `call`.
    others = [emit(part, to) for part in children(expression)[1:]]
    return call(call(to.function("Between")), listing(value, *others))


def sliced(expression: Slice, inner: Code, to: KerasEmitter) -> Code:
    """Some steps of what has its steps on the second axis."""
    text = steps_text(expression, to.graph.free)
    # PyTorch, a backend of Keras, takes no negative step in an index: hence `ops.flip`.
    if expression.stride > 0:
        return Index(inner, f":, {text}")
    return flipped(inner if text == ":" else Index(inner, f":, {text}"))


def _along_time(expression: Step | Slice, inner: Code, to: KerasEmitter) -> Code:
    """Some steps, or one, and a note of how they are read."""
    if isinstance(expression, Slice):
        value = sliced(expression, inner, to)
    else:
        index = index_text(expression.index, expression.steps, to.graph.free)
        value = Index(inner, f":, {index}")
    word = word_of(f"[{value.index}]") if isinstance(value, Index) else "`ops.flip`"
    to.note_read(expression, word)
    return value


def _by_layer(expression: Expression, to: KerasEmitter) -> Code:
    """What a layer makes of one value, or of a list of them."""
    layer = layer_of(expression, to.graph)
    if layer is None:
        return steps_of_grids(expression, emit(children(expression)[0], to), to)
    parts = [emit(part, to) for part in children(expression)]
    to.note_read(expression, word_for(expression, layer))
    is_list = isinstance(expression, ConcatTime | ConcatFeatures)
    return call(layer, listing(*parts) if is_list else parts[0])


def _slice(expression: Slice, to: KerasEmitter) -> Code:
    if is_cropped(expression, to.graph):
        return _by_layer(expression, to)
    return _along_time(expression, emit(expression.of, to), to)


def _repeat(expression: Repeat, to: KerasEmitter) -> Code:
    if expression.count == PIECE:
        # Of a free run, where a piece is one step.
        return Index(emit(expression.of, to), ":, None")
    if expression.like is None:
        return _by_layer(expression, to)
    vector, like = emit(expression.of, to), emit(expression.like, to)
    to.note_read(expression, "`ops.ones_like`")
    to.comment(REPEATED)
    axes = [1 + len(to.places(item)) for item in (expression.of, expression.like)]
    return repeated_like(vector, like, *axes)


def _zeros(expression: Zeros, to: KerasEmitter) -> Code:
    """Zero steps for as many samples, and steps if that number is free, as another value has."""
    # layers.RepeatVector(4)(ops.zeros_like(x[:, :1]))      of a vector x
    # ops.zeros_like(x[:, :, :1])                           of a sequence x, whose length is free
    axes, of_like = (1 + len(places) for places in (expression.grid, to.places(expression.like)))
    first = one_feature(":, :" if expression.free else ":", axes, of_like)
    like = emit(expression.like, to)
    to.comment("Nothing is read at these steps: zeros, for as many samples as there are.")
    zeros = call("ops.zeros_like", Index(like, first))
    to.note_read(expression, "`ops.zeros_like`")
    if expression.grid:
        return grids_of_zeros(expression, zeros)
    if expression.width != _ONE:
        zeros = call("ops.repeat", zeros, expression.width, axis=-1)
    return zeros if expression.free else call(repeat_vector(expression.count), zeros)


def _elementwise(expression: Elementwise, to: KerasEmitter) -> Code:
    parts = [emit(part, to) for part in expression.parts]
    layer = constructor("keras", expression.how)
    to.note_read(expression, word_for(expression, layer))
    return call(layer, listing(*addable(Combination(expression.how), expression.parts, parts, to)))


def _last_steps(expression: LastSteps, to: KerasEmitter) -> Code:
    """The last valid steps; zero in front of them where a sample has fewer.

    Of a sample ``a b c .`` (a dot is padding) the last two are ``b c``: its steps 3 - 2 + (0, 1).
    """
    index, count = expression.of.block, expression.count
    mask, value = to.masks[index], emit(expression.of, to)
    last = Text(to.names.claim("last"))
    to.note_read(expression, "`ops.take_along_axis`")
    if not to.graph.nodes[index].masking.at_end:
        # a . b . c, its padding first: 1 3 0 2 4, of which the last two are b and c. Of `. . a` they are a padded
        # step, which holds zero, and a.
        padded_first = call(to.function("true_first"), call("ops.logical_not", mask))
        to.assign(last, Index(padded_first, f":, -{flat(grouped(count))}:"))
        to.last_masks[expression] = taken(mask, last)
        return taken(value, Index(last, _spread(expression, to)))
    is_valid = Binary(">=", (last, Text("0")))
    to.last_masks[expression] = is_valid
    ones = call("ops.cast", mask, '"int32"')
    lengths = call("ops.sum", ones, axis=1, keepdims=True)
    back = Text(str(count)) if len(count.terms) == 1 else enclosed(count)
    steps = call("ops.arange", count)
    to.assign(last, Binary("+", (Binary("-", (lengths, back)), steps)))
    spread = _spread(expression, to)
    valid = taken(value, Index(call("ops.maximum", last, 0), spread))
    return call(
        "ops.where",
        Index(enclosed(is_valid), spread),
        valid,
        lacking(to.graph.nodes[index], "0.0"),
    )


def _spread(expression: Expression, to: KerasEmitter) -> str:
    """The index that gives a mask, or the numbers of steps, the axes of these: of images ``..., None, None, None``."""
    return spread_over(1 + len(to.places(expression)))


def _valid_first(expression: ValidFirst, to: KerasEmitter) -> Code:
    steps = order(to.masks[expression.of.block], to)
    to.note_read(expression, "`true_first`")
    return taken(emit(expression.of, to), Index(steps, _spread(expression, to)))


def _last_valid(expression: LastValid, to: KerasEmitter) -> Code:
    to.note_read(expression, "`last_valid`")
    to.function("true_first")
    return last_valid(expression, emit, to)


def _dynamic_slice(expression: DynamicSlice, to: KerasEmitter) -> Code:
    to.note_read(expression, "a small layer `Between`")
    return between(expression, emit(expression.of, to), to)


def _gather(expression: Gather, to: KerasEmitter) -> Code:
    to.note_read(expression, "`ops.take`")
    return gathered(expression, emit(expression.of, to))


TABLE = Table(
    {
        ConcatFeatures: _by_layer,
        ConcatPlaces: lambda item, to: _places(item, emit, to),
        ConcatTime: _by_layer,
        DynamicSlice: _dynamic_slice,
        Elementwise: _elementwise,
        Flatten: _by_layer,
        Gather: _gather,
        LastSteps: _last_steps,
        LastValid: _last_valid,
        Pad: _by_layer,
        Repeat: _repeat,
        RepeatSteps: _by_layer,
        Slice: _slice,
        Step: lambda item, to: _along_time(item, emit(item.of, to), to),
        ValidFirst: _valid_first,
        Zeros: _zeros,
    },
    variable,
)
