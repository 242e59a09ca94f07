"""what a step of a loop's member reads, as data: outer values, other members, zeros, side by side."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from seqdsl.ir.expressions import ConcatFeatures, Elementwise, Repeat, Slice
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqdsl.ir.expressions import Expression, LastValid
    from seqdsl.size import Size


# A memory, a sequence of known inputs, a final state that is there before the first step.
@record(frozen=True)
class Outer:
    """A value that is there before the loop.

    Attributes:
        of: an expression over nodes outside of the loop.
        shift: the reader's step t reads its step t + shift; ``None``: it is a vector, the same at every step.
    """

    of: Expression
    shift: Size | None


# y under D: the value of Y one step before. Of two nodes one above the other, 0 steps before.
@record(frozen=True)
class Lag:
    """The value of a member at this step or an earlier one.

    Attributes:
        member: its number.
        shift: the reader's step t reads the member's step t + shift, each counted from its own first step.
        steps: how many steps before that is on the loop's clock: 0 or more.
        held: of a member with padded steps, its last valid steps are read; ``None``: its steps in their places.
    """

    member: int
    shift: Size
    steps: int = 0
    held: LastValid | None = None

    @property
    def drawn(self) -> int:
        """How many steps before that is as it is drawn."""
        # A row that only keeps what came before may be computed a step ahead: then both are of one step of the loop.
        return self.steps or max(-(self.shift.constant or 0), 0)


# What a delayed node gives before the first step of its letter.
@record(frozen=True)
class Zero:
    """Zeros of so many features, at each place of a grid if they hold one."""

    features: Size
    grid: tuple[Size, ...] = ()


# Two wires into one node.
@record(frozen=True)
class Beside:
    """Several of these side by side."""

    parts: tuple[Source, ...]


@record(frozen=True)
class Combined:
    """Several of these, element by element: ``add``, ``multiply``, ``mean``, ``max`` or ``min``."""

    how: str
    parts: tuple[Source, ...]


Source: TypeAlias = Outer | Lag | Zero | Beside | Combined
"""What a member reads at one step."""


# D reads  x x x y y: two pieces, three steps of an outer value and two of an earlier one.
@record(frozen=True)
class Piece:
    """The steps ``start`` to ``start + count`` of a reader, which all read alike."""

    start: Size
    count: Size
    read: Source


class Look(Enum):
    """What a member's step t looks at of what it reads."""

    STEP = "its own step"
    WINDOW = "its own step and some before it"
    PAST = "its own step and all before it"


@record(frozen=True)
class Read:
    """What the steps of a member read as one of its operands.

    Attributes:
        pieces: what is read at each step, from the first to the last.
        look: how far back a step looks.
        before: what a window reads before the first step: as many steps as it looks back.
    """

    pieces: tuple[Piece, ...]
    look: Look = Look.STEP
    before: tuple[Piece, ...] = ()


def lags_of(source: Source) -> Iterator[Lag]:
    """The members that are read."""
    if isinstance(source, Lag):
        yield source
    elif isinstance(source, Beside | Combined):
        for part in source.parts:
            yield from lags_of(part)


def with_lags(source: Source, change: Callable[[Lag], Lag]) -> Source:
    """The same with every read of a member changed."""
    if isinstance(source, Lag):
        return change(source)
    if isinstance(source, Beside | Combined):
        return replace(source, parts=tuple(with_lags(part, change) for part in source.parts))
    return source


def opened(source: Source) -> Source:
    """The same as far apart as it goes, so that what reads the same at a step is equal, however it is written.

    ``Outer(concat(a[1:], b), 0)`` is ``Beside(Outer(a, 1), Outer(b, 0))``.
    """
    if isinstance(source, Beside | Combined):
        return replace(source, parts=tuple(map(opened, source.parts)))
    if not isinstance(source, Outer):
        return source
    of, shift = source.of, source.shift
    if isinstance(of, Slice) and of.stride == 1 and shift is not None:
        # Step t of a[3:] is step t + 3 of a.
        return opened(Outer(of.of, shift + of.start))
    if isinstance(of, Repeat):
        # One vector at each step: steps that are cut apart repeat it for as many as each part has.
        return opened(Outer(of.of, None))
    if isinstance(of, ConcatFeatures):
        return Beside(tuple(opened(Outer(part, shift)) for part in of.parts))
    if isinstance(of, Elementwise):
        return Combined(of.how, tuple(opened(Outer(part, shift)) for part in of.parts))
    return source


def shifted(source: Source, by: Size) -> Source:
    """What is read ``by`` steps later."""
    if isinstance(source, Outer):
        return source if source.shift is None else replace(source, shift=source.shift + by)
    if isinstance(source, Beside | Combined):
        return replace(source, parts=tuple(shifted(part, by) for part in source.parts))
    return replace(source, shift=source.shift + by) if isinstance(source, Lag) else source
