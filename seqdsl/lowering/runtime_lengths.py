"""a free length → a sequence that is as long at run time: it is measured by the blocks that were applied before.

Generated code learns a free length from a tensor, so every length needs a sequence to be measured by. Of the lengths of
other blocks, ``h`` (``n`` steps), ``g`` (``m`` steps) and ``x`` (``3 * t + 4`` steps), these are made:

    n - 2        the first n - 2 steps of h
    t + 4        every third step of x, which are t + 2, and two more
    2 * n        each step of h twice
    n + m + 1    zeros at each step of h, then at each step of g, then one more
    n // 2       every second step of h, without the last of these if n is odd
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
    """A free number of steps side by side: no layer has an input of such a width."""


class Unmeasured(Exception):
    """A length is free, and cannot be measured by anything that the model is given at run time."""


class _Cover(NamedTuple):
    """A part of a length that a block measures: ``part`` is ``up / down`` of what is free of the block's steps."""

    block: int
    part: Size
    up: int
    down: int


class RuntimeLengths:
    """Finds sequences of given lengths among the blocks that have been applied so far."""

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
        self._indexed = 0
        self._first: dict[Size, int] = {}
        # The same by what is free of a length, divided by its first coefficient: by coefficient.
        self._shapes: dict[Size, dict[Fraction, int]] = {}

    def like(self, count: Size) -> Expression:
        """A sequence that is ``count`` steps long at run time.

        Raises:
            Unmeasured: no blocks measure a length of ``count``.
        """
        # With X of n steps: n - 1 are a slice of X, n + 2 are X padded by 2; only for n / 2 + m is more needed.
        self._index_blocks()
        block = self._first.get(_but_for_a_number(count))
        steps = None if block is None else self._steps[block]
        rest = None if steps is None else (steps - count).constant
        if block is None or steps is None or rest is None:
            # A sum of lengths is looked for first: another block may have just so many steps.
            try:
                return self._composed(count)
            except Unmeasured:
                return self._rounded(count)
        if rest >= 0:
            return Value(block) if rest == 0 else Slice(Value(block), NOTHING, count, 1, steps)
        return Pad(Value(block), NOTHING, Size.of(-rest))

    def _index_blocks(self) -> None:
        """Index the blocks that have been applied since the last call."""
        for block in islice(self._width, self._indexed, None):
            steps = self._steps[block]
            if steps is None:
                continue
            key = _but_for_a_number(steps)
            self._first[key] = min(block, self._first.get(key, block))
            terms = self._free_terms(steps)
            # Of 2 * n + 4 * m the shape is n + 2 * m, with coefficient 2.
            if terms:
                first = next(iter(terms.values()))
                shape = _sum(terms) * (1 / first)
                by_coefficient = self._shapes.setdefault(shape, {})
                by_coefficient[first] = min(block, by_coefficient.get(first, block))
        self._indexed = len(self._width)

    def _free_terms(self, size: Size) -> Terms:
        """What of a size is known at run time only."""
        free = self._free
        return {atoms: Fraction(k) for atoms, k in size.terms if Size(((atoms, 1),)).names & free}

    def _rounded(self, count: Size) -> Expression:
        """A sequence as long as a quotient that is rounded down: every k-th step of a block, or of a part of one.

        ::

            h   h h h h h h h      7 steps: the first of each two are (7 + 1) // 2,
                |   |   |   |
                |   |   |          the first 7 // 2 of these are 3
        """
        terms = list(self._free_terms(count).items())
        if len(terms) != 1:
            raise Unmeasured(count)
        ((atoms, times),) = terms
        quotient = atoms[0]
        if len(atoms) > 1 or isinstance(quotient, str) or times.denominator > 1 or times < 0:
            raise Unmeasured(count)
        block, every = self._first.get(_but_for_a_number(quotient.of)), quotient.by.constant
        steps = None if block is None else self._steps[block]
        beyond = None if steps is None else (quotient.of - steps).constant
        if block is None or steps is None or beyond is None or every is None:
            raise Unmeasured(count)
        # Of n steps every k-th are (n + k - 1) // k: what the quotient divides beyond that is added first.
        missing = max(beyond - (every - 1), 0)
        padded = Pad(Value(block), NOTHING, Size.of(missing)) if missing else Value(block)
        length = Size(((atoms, 1),))
        view: Expression = Slice(padded, NOTHING, length, every, steps + missing)
        if times > 1:
            view = RepeatSteps(view, times.numerator)
        return _adjusted(view, length * times.numerator, count)

    # Lengths of several blocks, or of parts of them

    def _composed(self, count: Size) -> Expression:
        # n + m + 1, with h of n steps and g of m: both are covers, so that zeros as long as h, then zeros as long as g,
        # have n + m steps; `_adjusted` pads them by one.
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

        Those that cover most terms at once are taken first, so that one is taken where one is enough. That is no
        search for any sum that there may be: a sum that it misses is refused, as if there was none.
        """
        left = self._free_terms(count)
        covers: list[_Cover] = []
        while left:
            best = max(self._shapes, key=lambda shape: _matching(shape, left), default=None)
            times = None if best is None else _times(best, left)
            if best is None or not times:
                raise Unmeasured(count)
            # For n steps a block of n rather than every second step of one of 2 * n.
            ratio, block = min(
                ((times / k, block) for k, block in self._shapes[best].items()),
                key=lambda item: (item[0].numerator + item[0].denominator, item[1]),
            )
            part = best * times
            covers.append(_Cover(block, part, ratio.numerator, ratio.denominator))
            left = self._free_terms(_sum(left) - part)
        return covers

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
    missing = Size(tuple(term for term in (count - total).terms if term[1] > 0))
    if missing != NOTHING:
        view, total = Pad(view, NOTHING, missing), total + missing
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
    """How many terms of a length a shape covers, once it is taken as often as it goes into it."""
    times = _times(shape, left)
    return sum(ratio == times for ratio in _ratios(shape, left)) if times else 0
