"""sequence beside a fed input → what stands for a piece of it: a future that is known.

::

      H H H H     C is there as a whole before the first step; a piece of it is cut where a piece of Z is
     /|/|/|/|
    Z C Z C ...   its step t is read at the step t of Z
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatTime, Pad, Slice, Value
from seqdsl.ir.free_members import Known
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.shapes import Shapes

_NONE = Size.of(0)


class KnownSequences:
    """Gives a number to each sequence that is read beside a fed input."""

    def __init__(self, shapes: Shapes) -> None:
        """Begin without any."""
        self.shapes = shapes
        self.found: dict[tuple[Expression, int, bool], Known] = {}

    def piece(self, of: Expression, ahead: int, number: int, *, is_mask: bool) -> Known:
        """What stands for a piece of a sequence; a new one has the number."""
        of, start = _from_start(of)
        key = (of, ahead + start, is_mask)
        if key not in self.found:
            self.found[key] = Known(number, of, ahead + start, is_mask)
        return self.found[key]

    def head(self, of: Expression, ahead: Size) -> Expression | None:
        """What there is of a sequence before the first piece."""
        if ahead == _NONE:
            return None
        steps, _ = self.shapes.sequence(of)
        return Slice(of, _NONE, ahead, 1, steps)


def _from_start(of: Expression) -> tuple[Expression, int]:
    """A sequence without the slice that cuts it, and how many of its first steps are passed over."""
    # X X X X    C reads X[1:4] beside three steps of Z: that is X, from its second step on. A run may be longer than
    #   C C C    the picture, so nothing is cut off at the end.
    if isinstance(of, Slice) and of.stride == 1 and of.start.constant is not None:
        inner, start = _from_start(of.of)
        return inner, start + int(of.start.constant)
    return _unended(of), 0


def _unended(of: Expression) -> Expression:
    """The same, going on as long as what it is made of does."""
    # [S, X[0:3]]    one step late: X may have more steps than the picture
    if isinstance(of, ConcatTime):
        return ConcatTime((*of.parts[:-1], _whole(of.parts[-1])))
    if isinstance(of, Pad) and of.after == _NONE:
        return replace(of, of=_whole(of.of))
    return of


def _whole(of: Expression) -> Expression:
    is_first = isinstance(of, Slice) and of.stride == 1 and of.start == _NONE
    return of.of if is_first and isinstance(of, Slice) and isinstance(of.of, Value) else of
