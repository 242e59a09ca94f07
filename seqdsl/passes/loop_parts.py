"""loop → the parts of it that do the same at every step, as few as there are.

A value of the loop's own may be read from the second step on only, and something else in its place at the first::

    D reads  s y y y              one part: it begins with `s` in the place of `y`
    D reads  x x x x y y y        two: steps 0 to 2, and then the same as above, with the last `x` in the place of `y`
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.loop_sources import Beside, Combined, Lag, Outer, Zero, lags_of, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import LastValid
    from seqdsl.ir.loop_sources import Piece, Read, Source
    from seqdsl.ir.loops import Loop, Member
    from seqdsl.ir.shapes import Shapes
    from seqdsl.size import Size

MOST_STARTS = 8
"""How many steps at most begin a loop with values of their own: more are computed before it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some steps of a loop, on its clock."""

    start: Size
    end: Size


def loop_parts(loop: Loop, shapes: Shapes) -> list[Part]:
    """The parts of a loop, from the first to the last: as few as do the same at every step."""
    ends: list[Size] = []
    for member in loop.members:
        ends += [member.start, member.start + member.steps]
        for read in member.reads:
            ends += [member.start + piece.start for piece in read.pieces]
    ordered = _ordered(ends, shapes)
    parts = [Part(start, end) for start, end in pairwise(ordered)]
    # Every step at which a member begins or ends, or reads something else, begins a part; then as many as possible
    # are put together.
    groups: list[list[Part]] = []
    for part in parts:
        # The steps before a loop, with something else in the place of what the loop gives: its first steps.
        if groups and _is_one_loop([*groups[-1], part], loop, shapes, begins=len(groups) == 1):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [Part(group[0].start, group[-1].end) for group in groups]


def _ordered(sizes: Sequence[Size], shapes: Shapes) -> list[Size]:
    ordered: list[Size] = []
    for size in sorted(sizes, key=shapes.sizes.values):
        if not ordered or not shapes.sizes.same(ordered[-1], size):
            ordered.append(size)
    return ordered


def _is_one_loop(parts: Sequence[Part], loop: Loop, shapes: Shapes, *, begins: bool) -> bool:
    """Whether some parts do the same at every step, but for what stands in the place of earlier values.

    Args:
        parts: the parts, one after the other.
        loop: the loop.
        shapes: finds how long they are.
        begins: whether nothing of the loop is before them.
    """
    # The first steps of a loop have a variable or a statement each: a long row of known steps runs before it.
    if not all(_is_short(part, parts[0]) for part in parts[:-1]):
        return False
    first, *others = [
        [member for member in loop.members if is_active(member, part, shapes)] for part in parts
    ]
    if any(members != first for members in others):
        return False
    return all(
        _is_one_read(read, member, parts, shapes, begins=begins)
        for member in first
        for read in member.reads
    )


def _is_short(part: Part, first: Part) -> bool:
    """Whether a part ends after a few steps, whatever the data is."""
    count = (part.end - first.start).constant
    return count is not None and count <= MOST_STARTS


def _is_one_read(
    read: Read, member: Member, parts: Sequence[Part], shapes: Shapes, *, begins: bool
) -> bool:
    *first, then = [_at(read.pieces, part.start - member.start, shapes) for part in parts]
    ends = [(part.end - parts[0].start).constant or 0 for part in parts[:-1]]
    return all(
        _fits(source, then, end, begins=begins) for source, end in zip(first, ends, strict=True)
    )


def is_active(member: Member, part: Part, shapes: Shapes) -> bool:
    """Whether a member computes the steps of a part."""
    begins = shapes.sizes.values(part.start - member.start)
    ends = shapes.sizes.values(member.start + member.steps - part.end)
    return min(begins) >= 0 and min(ends) >= 0


def _at(pieces: Sequence[Piece], step: Size, shapes: Shapes) -> Source:
    """What is read at a step."""
    found = pieces[0]
    for piece in pieces:
        if min(shapes.sizes.values(step - piece.start)) >= 0:
            found = piece
    return opened(found.read)


def _fits(first: Source, then: Source, end: int, *, begins: bool) -> bool:
    """Whether what some of the first steps read, up to the step ``end``, stands in the place of what others read."""
    if first == then:
        return True
    if isinstance(then, Lag):
        return _stands_for(first, then, end, begins=begins)
    if isinstance(then, Beside | Combined):
        return (
            isinstance(first, type(then))
            and len(first.parts) == len(then.parts)
            and all(
                _fits(*pair, end, begins=begins)
                for pair in zip(first.parts, then.parts, strict=True)
            )
        )
    return False


def _stands_for(first: Source, then: Lag, end: int, *, begins: bool) -> bool:
    """Whether what the steps up to ``end`` read may stand in the place of an earlier value."""
    if then.held is not None and not (begins and _is_start(first, then.held)):
        # Behind a padded step 2, `D` reads the last valid one of steps 0 and 1, and not the `x` of step 2:
        # D reads  w x x y y y
        return False
    # Two steps before is of the loop itself from step 2 on.
    return end <= then.steps and not any(True for _ in lags_of(first))


def _is_start(source: Source, held: LastValid) -> bool:
    """Whether what is read is what a delayed node gives until there is a valid step."""
    # M   M   M      mean: the first M reads (S + Z) / 2; behind a padded first step the second one reads S alone
    # |\  |   |
    # S Z y   y
    if isinstance(source, Zero):
        return held.start is None
    if isinstance(source, Combined) or held.start is None:
        return False
    parts = source.parts if isinstance(source, Beside) else (source,)
    outer = [blocks_of(part.of) for part in parts if isinstance(part, Outer)]
    return frozenset().union(*outer) == blocks_of(held.start)
