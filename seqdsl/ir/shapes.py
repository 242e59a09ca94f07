"""expression → its steps and features; what does not fit is a `Misfit`."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from seqdsl.ir.compare import ONE, Misfit
from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatPlaces,
    ConcatTime,
    DynamicSlice,
    Elementwise,
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
from seqdsl.ir.types import (
    Type,
    check_flat,
    same_places,
    spread_types,
    types_beside,
    types_of,
    types_of_places,
)
from seqdsl.layers import Combination
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.ir.compare import Sizes
    from seqdsl.ir.expressions import Expression

    _Of = ConcatTime | ConcatFeatures | ConcatPlaces | Elementwise


__all__ = ["Shapes", "Type", "check_flat", "types_of"]

_WORDS = frozenset(item.value for item in Combination)


class Shapes:
    """Finds the type of every expression over the values of nodes."""

    def __init__(self, sizes: Sizes, types: Sequence[Type]) -> None:
        """Begin with the types of all nodes."""
        self.sizes, self.types = sizes, types

    def of(self, expression: Expression) -> Type:
        """The type of an expression.

        Raises:
            Misfit: its parts do not fit together.
        """
        return _type(expression, self)

    def sequence(self, expression: Expression) -> tuple[Size, Type]:
        """The steps of a sequence, and the type of one of them.

        Raises:
            Misfit: it is a vector.
        """
        steps, features, grid = self.of(expression)
        if steps is None:
            raise Misfit("a vector is read as a sequence")
        return steps, Type(None, features, grid)

    def one(self, expression: Expression) -> Type:
        """The type of a single value.

        Raises:
            Misfit: it is a sequence.
        """
        found = self.of(expression)
        if found.steps is not None:
            raise Misfit("a sequence is read as a vector")
        return found

    def plain(self, expression: Expression) -> tuple[Size, Size]:
        """Steps and features of a sequence whose steps hold no grids.

        Raises:
            Misfit: it is a vector, or of grids.
        """
        steps, each = self.sequence(expression)
        return steps, check_flat(each).features

    def vector(self, expression: Expression) -> Size:
        """The features of a vector.

        Raises:
            Misfit: it is a sequence, or a grid.
        """
        return check_flat(self.one(expression)).features

    def spread(self, parts: Iterable[Expression]) -> Type:
        """The type of values that are combined element by element; one feature is spread over all.

        Raises:
            Misfit: they are not equally long or wide.
        """
        return spread_types([self.of(part) for part in parts], self.sizes)


@singledispatch
def _type(item: Expression, shapes: Shapes) -> Type:
    raise Misfit(f"{type(item).__name__} is not an expression")


@_type.register
def _(item: Value, shapes: Shapes) -> Type:
    return shapes.types[item.block]


@_type.register
def _(item: FinalState, shapes: Shapes) -> Type:
    return shapes.types[item.block]._replace(steps=None)


@_type.register
def _(item: CarriedState, shapes: Shapes) -> Type:
    left = shapes.types[item.block]
    return Type(item.steps, item.features or left.features, left.grid)


@_type.register
def _(item: Slice, shapes: Shapes) -> Type:
    steps, each = shapes.sequence(item.of)
    shapes.sizes.agree("steps of what is cut", item.steps, steps)
    if item.stride == 0:
        raise Misfit("a stride of 0")
    last = item.start + (item.count - 1) * item.stride
    # A free length may leave nothing to cut.
    counts, ends = (
        shapes.sizes.values(item.count),
        [shapes.sizes.values(s) for s in (item.start, last)],
    )
    for count, start, end, most in zip(counts, *ends, shapes.sizes.values(steps), strict=True):
        if count < 0 or (count and not (0 <= start < most and 0 <= end < most)):
            raise Misfit(f"a cut of {item.count} steps from {item.start} on, of {steps}")
    return each._replace(steps=item.count)


@_type.register
def _(item: DynamicSlice, shapes: Shapes) -> Type:
    _, each = shapes.sequence(item.of)
    if item.before is not None:
        shapes.sequence(item.before)
    # The length is that of `like`, whatever it comes to at run time.
    steps, _ = shapes.sequence(item.like)
    return each._replace(steps=steps)


@_type.register
def _(item: LastSteps, shapes: Shapes) -> Type:
    _, each = shapes.sequence(item.of)
    shapes.sizes.at_least(item.count, 1, "last steps")
    return each._replace(steps=item.count)


@_type.register
def _(item: ValidFirst, shapes: Shapes) -> Type:
    steps, each = shapes.sequence(item.of)
    return each._replace(steps=steps)


@_type.register
def _(item: LastValid, shapes: Shapes) -> Type:
    steps, each = shapes.sequence(item.of)
    if item.start is not None:
        start = shapes.one(item.start)
        same_places(start, each, shapes.sizes)
        shapes.sizes.agree("features before the first valid step", start.features, each.features)
    return each._replace(steps=steps)


@_type.register
def _(item: Step, shapes: Shapes) -> Type:
    steps, each = shapes.sequence(item.of)
    shapes.sizes.agree("steps of what is cut", item.steps, steps)
    pairs = zip(shapes.sizes.values(item.index), shapes.sizes.values(steps), strict=True)
    # The last step of a free length is `n - 1`, which is a step for every n.
    if any(not 0 <= index < count for index, count in pairs):
        raise Misfit(f"step {item.index} of {steps}")
    return each


@_type.register
def _(item: Repeat, shapes: Shapes) -> Type:
    each = shapes.one(item.of)
    shapes.sizes.at_least(item.count, 0, "repeated")
    if item.like is not None:
        shapes.sizes.agree("steps that are repeated", item.count, shapes.sequence(item.like)[0])
    return each._replace(steps=item.count)


@_type.register
def _(item: RepeatSteps, shapes: Shapes) -> Type:
    steps, each = shapes.sequence(item.of)
    if item.times < 1:
        raise Misfit(f"steps are repeated {item.times} times")
    return each._replace(steps=steps * item.times)


@_type.register
def _(item: Pad, shapes: Shapes) -> Type:
    steps, each = shapes.sequence(item.of)
    for size in (item.before, item.after):
        shapes.sizes.at_least(size, 0, "padding")
    # `. . a b c .` for 2 before and 1 after.
    return each._replace(steps=steps + item.before + item.after)


@_type.register
def _(item: Zeros, shapes: Shapes) -> Type:
    like = shapes.of(item.like)
    shapes.sizes.at_least(item.count, 0, "zero steps")
    shapes.sizes.at_least(item.width, 1, "zero features")
    # Where no number is known, a sequence of that length has to give it.
    if item.free:
        if like.steps is None:
            raise Misfit("nothing tells how many zero steps there are")
        shapes.sizes.agree("zero steps", item.count, like.steps)
    return Type(item.count, item.width, item.grid)


@_type.register
def _(item: ConcatTime, shapes: Shapes) -> Type:
    (steps, each), *others = map(shapes.sequence, _parts(item))
    for count, other in others:
        same_places(each, other, shapes.sizes)
        shapes.sizes.agree("features one after the other", each.features, other.features)
        steps = steps + count
    return each._replace(steps=steps)


@_type.register(ConcatFeatures)
@_type.register(ConcatPlaces)
def _(item: ConcatFeatures | ConcatPlaces, shapes: Shapes) -> Type:
    how = types_beside if isinstance(item, ConcatFeatures) else types_of_places
    return how([shapes.of(part) for part in _parts(item)], shapes.sizes)


@_type.register
def _(item: Elementwise, shapes: Shapes) -> Type:
    if item.how not in _WORDS:
        raise Misfit(f"values cannot be combined by `{item.how}`")
    return shapes.spread(_parts(item))


@_type.register
def _(item: Pool, shapes: Shapes) -> Type:
    if item.how not in _WORDS - {Combination.MEAN.value}:
        raise Misfit(f"steps cannot be pooled by `{item.how}`")
    return shapes.sequence(item.of)[1]


@_type.register
def _(item: Share, shapes: Shapes) -> Type:
    if item.more < 0:
        raise Misfit(f"a share of {item.more} values more")
    return shapes.sequence(item.of)[1]._replace(features=ONE)


def _parts(item: _Of) -> tuple[Expression, ...]:
    if not item.parts:
        raise Misfit("nothing is combined")
    return item.parts


@_type.register
def _(item: Flatten, shapes: Shapes) -> Type:
    # (steps, features) -> (steps * features): the steps side by side.
    steps, features = shapes.plain(item.of)
    return Type(None, steps * features)


@_type.register
def _(item: Gather, shapes: Shapes) -> Type:
    steps, each = shapes.sequence(item.of)
    shortest = min(shapes.sizes.values(steps))
    if not item.indices or not 0 <= min(item.indices) <= max(item.indices) < shortest:
        raise Misfit(f"steps {list(item.indices)} of {steps}")
    return each._replace(steps=Size.of(len(item.indices)))
