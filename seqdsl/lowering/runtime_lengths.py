"""a free length → a sequence that is as long at run time: what nothing else tells is told by blocks applied before.

Generated code learns a free length from a tensor, so every length needs a sequence to be measured by. Of the lengths of
other blocks, ``h`` (``n`` steps), ``g`` (``m`` steps) and ``x`` (``3 * t + 4`` steps), these are made:

    n - 2        the first n - 2 steps of h
    t + 4        every third step of x, which are t + 2, and two more
    2 * n        each step of h twice
    n + m + 1    zeros at each step of h, then at each step of g, then one more
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.expressions import ConcatTime, Expression, Pad, RepeatSteps, Slice, Value, Zeros
from seqdsl.size import Size, strided

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from seqdsl.size import Monomial

    Terms = dict[Monomial, Fraction]

NOTHING = Size.of(0)
ONE = Size.of(1)


class Unbounded(Exception):
    """So many steps, a number that is free, stand side by side: as wide is no layer's input."""


class Unmeasured(Exception):
    """A length is free, and nothing that the model is given at run time tells it."""


class _Cover(NamedTuple):
    """A part of a length that a block tells: ``part`` is ``up / down`` of what is free of the block's steps."""

    block: int
    part: Size
    up: int
    down: int


class RuntimeLengths:
    """Finds sequences of given lengths among the blocks whose values are known so far."""

    def __init__(
        self,
        steps: Sequence[Size | None] | Mapping[int, Size | None],
        width: Mapping[int, Size],
        free: Collection[str],
    ) -> None:
        """Measure by the blocks in ``width``, in the order in which they get there.

        Args:
            steps: the length of each block; ``None`` for a vector.
            width: the blocks that have been applied; more may be added at any time.
            free: the names that have a value at run time only.
        """
        self._steps, self._width, self._free = steps, width, frozenset(free)
        self._seen = 0
        self._first: dict[Size, int] = {}
        # The same by what is free of a length, divided by its first coefficient: by coefficient.
        self._shapes: dict[Size, dict[Fraction, int]] = {}

    def like(self, count: Size) -> Expression:
        """A sequence that is ``count`` steps long at run time.

        Raises:
            Unmeasured: no lengths of blocks tell that of ``count``.
        """
        # With X of n steps: n - 1 are a slice of X, n + 2 are X padded by 2; only for n / 2 + m is more needed.
        self._look()
        block = self._first.get(_but_for_a_number(count))
        steps = None if block is None else self._steps[block]
        rest = None if steps is None else (steps - count).constant
        if block is None or steps is None or rest is None:
            return self._composed(count)
        if rest >= 0:
            return Value(block) if rest == 0 else Slice(Value(block), NOTHING, count, 1, steps)
        return Pad(Value(block), NOTHING, Size.of(-rest))

    def _look(self) -> None:
        """Look at the blocks that have been applied since the last call."""
        for block in islice(self._width, self._seen, None):
            steps = self._steps[block]
            if steps is None:
                continue
            key = _but_for_a_number(steps)
            self._first[key] = min(block, self._first.get(key, block))
            terms = self._free_terms(steps)
            # Of 2 * n + 4 * m the shape is n + 2 * m, found at coefficient 2.
            if terms:
                first = next(iter(terms.values()))
                shape = _sum(terms) * (1 / first)
                known = self._shapes.setdefault(shape, {})
                known[first] = min(block, known.get(first, block))
        self._seen = len(self._width)

    def _free_terms(self, size: Size) -> Terms:
        """What of a size is known at run time only."""
        free = self._free
        return {atoms: Fraction(k) for atoms, k in size.terms if Size(((atoms, 1),)).names & free}

    # Lengths of several blocks, or of parts of them

    def _composed(self, count: Size) -> Expression:
        covers = self._covers(count)
        # What is left over of a number belongs to the part that is no whole number without it: n / 2 - 1 / 2.
        fraction = _fraction(count)
        broken = [item for item in covers if any(_is_broken(k) for _, k in item.part.terms)]
        if len(broken) > 1 or (fraction and not broken):
            raise Unmeasured(count)
        views: list[Expression] = []
        total = NOTHING
        for item in covers:
            part = item.part + Size.of(fraction) if item in broken else item.part
            view, length = self._measured(item, part)
            views.append(view if len(covers) == 1 else Zeros(length, ONE, view, free=True))
            total = total + length
        whole = views[0] if len(views) == 1 else ConcatTime(tuple(views))
        return _adjusted(whole, total, count)

    def _covers(self, count: Size) -> list[_Cover]:
        """Blocks whose lengths, or parts of them, add up to what is free of a length.

        Those that tell most at once are taken first, so that one is taken where one is enough. That is no search for
        any sum that there may be: what it misses is refused as if nothing told it.
        """
        left = self._free_terms(count)
        found: list[_Cover] = []
        while left:
            best = max(self._shapes, key=lambda shape: _matching(shape, left), default=None)
            times = None if best is None else _times(best, left)
            if best is None or not times:
                raise Unmeasured(count)
            ratio, block = min(
                ((times / k, block) for k, block in self._shapes[best].items()),
                key=lambda item: (item[0].numerator + item[0].denominator, item[1]),
            )
            part = best * times
            found.append(_Cover(block, part, ratio.numerator, ratio.denominator))
            left = self._free_terms(_sum(left) - part)
        return found

    def _measured(self, item: _Cover, part: Size) -> tuple[Expression, Size]:
        """A sequence as long as a part but for what is known before run time, and its length."""
        steps = self._steps[item.block]
        assert steps is not None
        total = steps * item.up
        view: Expression = Value(item.block)
        if item.up > 1:
            view = RepeatSteps(view, item.up)
        if item.down == 1:
            return view, total
        # Every k-th of k * part + beside steps, the first one included.
        beside = total - part * item.down
        length = part + strided(beside, NOTHING, item.down)
        return Slice(view, NOTHING, length, item.down, total), length


def _adjusted(view: Expression, total: Size, count: Size) -> Expression:
    """A sequence of ``total`` steps, made ``count`` long: these differ by what is known before run time.

    Of ``n - 6`` more steps, first n are added, then six are cut off: a parameter may have any value.
    """
    more = Size(tuple(term for term in (count - total).terms if term[1] > 0))
    if more != NOTHING:
        view, total = Pad(view, NOTHING, more), total + more
    return view if total == count else Slice(view, NOTHING, count, 1, total)


def _but_for_a_number(size: Size) -> Size:
    """What two sizes have in common that differ by a whole number: ``n - 3`` and ``n``."""
    return size - int(_number(size) // 1)


def _number(size: Size) -> Fraction:
    return sum((Fraction(k) for atoms, k in size.terms if not atoms), Fraction(0))


def _fraction(size: Size) -> Fraction:
    return _number(size) % 1


def _is_broken(k: Fraction | int) -> bool:
    return Fraction(k).denominator > 1


def _sum(terms: Terms) -> Size:
    return sum((Size(((atoms, 1),)) * k for atoms, k in terms.items()), NOTHING)


def _ratios(shape: Size, left: Terms) -> Iterator[Fraction]:
    return (left.get(atoms, Fraction(0)) / k for atoms, k in shape.terms)


def _times(shape: Size, left: Terms) -> Fraction:
    """How often a shape goes into what is left of a length; 0 if it does not."""
    return max(min(_ratios(shape, left)), Fraction(0))


def _matching(shape: Size, left: Terms) -> int:
    """How many terms of a length are told by a shape, once it is taken as often as it goes into it."""
    times = _times(shape, left)
    return sum(ratio == times for ratio in _ratios(shape, left)) if times else 0
