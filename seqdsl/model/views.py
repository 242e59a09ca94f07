"""patterns: how the value that a block sees is made from the values of other blocks.

Each pattern is one idiom that both frameworks have; its meaning is one macro in each backend's
``patterns.j2``. A *vector* is ``(batch, features)``, a *sequence* ``(batch, steps, features)``.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, get_args

from seqdsl.model.size import Size
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@record(frozen=True)
class Value:
    """The whole value of a block, unchanged."""

    block: int


@record(frozen=True)
class Final:
    """A recurrent block's final state, a vector: its last output, both directions' concatenated."""

    block: int


@record(frozen=True)
class Slice:
    """Steps ``start, start + stride, ...`` of a sequence, ``count`` of them; a sequence.

    ``stride`` may be negative: then they run backward.
    """

    of: View
    start: Size
    count: Size
    stride: int
    steps: Size


@record(frozen=True)
class Between:
    """As many steps of a sequence as ``like`` has, after as many as ``before`` has (none: from the first)."""

    of: View
    before: View | None
    like: View


@record(frozen=True)
class LastSteps:
    """The last ``count`` valid steps of a masked block; a sequence."""

    of: Value
    count: Size


@record(frozen=True)
class ValidFirst:
    """All steps of a masked block, the valid ones of each sample first: where steps are counted over these.

    For a sample ``. a . b`` (a dot is padding) that is ``a b . .``.
    """

    of: Value


@record(frozen=True)
class Step:
    """One step of a sequence; a vector."""

    of: View
    index: Size
    steps: Size


@record(frozen=True)
class Repeat:
    """A vector at each of ``count`` steps; ``like`` is a sequence of that length if it is free."""

    of: View
    count: Size
    like: View | None = None


@record(frozen=True)
class RepeatSteps:
    """Each step of a sequence, ``times`` times in turn; a sequence."""

    of: View
    times: int


@record(frozen=True)
class Pad:
    """A sequence with zero steps before and after it."""

    of: View
    before: Size
    after: Size


@record(frozen=True)
class Zeros:
    """``count`` zero steps of ``width`` features, for as many samples as ``like``.

    If the count is ``free``, ``like`` is a sequence of that length, else a vector.
    """

    count: Size
    width: Size
    like: View
    free: bool = False


@record(frozen=True)
class JoinTime:
    """Sequences one after the other."""

    parts: tuple[View, ...]


@record(frozen=True)
class JoinFeatures:
    """Vectors, or sequences of equal length, side by side."""

    parts: tuple[View, ...]


@record(frozen=True)
class Combined:
    """Sequences of equal length, combined element by element: ``add``, ``multiply``, ``mean`` or ``max``."""

    how: str
    parts: tuple[View, ...]


@record(frozen=True)
class Flatten:
    """All steps of a sequence side by side; a vector."""

    of: View


@record(frozen=True)
class Gather:
    """Chosen steps of a sequence, by index."""

    of: View
    indices: tuple[int, ...]


View = (
    Value
    | Final
    | Slice
    | Between
    | LastSteps
    | ValidFirst
    | Step
    | Repeat
    | RepeatSteps
    | Pad
    | Zeros
    | JoinTime
    | JoinFeatures
    | Combined
    | Flatten
    | Gather
)


def children(view: View) -> tuple[View, ...]:
    """The views that ``view`` is made of."""
    if isinstance(view, Value | Final):
        return ()
    if isinstance(view, JoinTime | JoinFeatures | Combined):
        return view.parts
    if isinstance(view, Repeat) and view.like is not None:
        return (view.of, view.like)
    if isinstance(view, Between):
        return (view.of, view.like) if view.before is None else (view.of, view.like, view.before)
    return (view.like,) if isinstance(view, Zeros) else (view.of,)


def walk(view: View) -> Iterator[View]:
    """The view and everything it is made of, outermost first."""
    yield view
    for child in children(view):
        yield from walk(child)


def blocks_of(view: View) -> frozenset[int]:
    """The blocks whose values a view is made of."""
    return frozenset(item.block for item in walk(view) if isinstance(item, Value | Final))


def map_sizes(view: View, change: Callable[[Size], Size]) -> View:
    """The same view with every size in it changed."""
    changed: dict[str, Any] = {
        item.name: _mapped(getattr(view, item.name), change) for item in fields(view)
    }
    return replace(view, **changed)


def _mapped(value: object, change: Callable[[Size], Size]) -> object:
    if isinstance(value, Size):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    return map_sizes(value, change) if isinstance(value, get_args(View)) else value


def map_views(view: View, change: Callable[[View], View]) -> View:
    """The same view with everything that it is made of changed."""
    changed: dict[str, Any] = {}
    for item in fields(view):
        value = getattr(view, item.name)
        if isinstance(value, get_args(View)):
            changed[item.name] = change(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], get_args(View)):
            changed[item.name] = tuple(change(part) for part in value)
    return replace(view, **changed)
