r"""blocks of one column → how far they are moved apart: where none depends on another, and where one is passed.

M   M          `S` and `T` both read `X`: `S` stands half a column beside it, so that `X` goes straight up to `T`,
|\  |\         and both go straight to `M`.
T | T |
| S | S        Of `X` and `H` side by side, in this order, `H` is moved: `X` passes it at its left.
|/  |/
X   X
"""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from seqdsl.layers import Family
from seqdsl.layout.reading import family_of, names_rows, reads, reads_of
from seqdsl.layout.same_wirings import is_free_of_order
from seqdsl.layout.trunk import Trunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.layout.wiring import Wiring

_OFFSETS = tuple(
    Fraction(eighths, 8) for eighths in (4, -4, 2, -2, 6, -6, 1, -1, 3, -3, 5, -5, 7, -7)
)


class Siblings:
    """Who depends on whom, and who is read with whom.

    Attributes:
        below: all that each block depends on.
    """

    def __init__(self, wiring: Wiring, *, straight: bool = False) -> None:
        """Find it.

        Args:
            wiring: the wiring.
            straight: whether the longest way through it stays in whole columns.
        """
        self.wiring = wiring
        self.below: list[set[int]] = []
        for block in wiring.blocks:
            sources = {source.block for source in reads(block)}
            self.below.append(sources.union(*(self.below[source] for source in sources)))
        # The blocks that are read side by side, in the order of their concatenation.
        self.pairs = set(self._pairs())
        self.trunk = Trunk(wiring, self.below) if straight else None

    def offset(
        self,
        at: int,
        columns: Sequence[Fraction],
        others: dict[int, list[Fraction]],
        moved: Fraction,
    ) -> Fraction:
        """How far a row is moved to the right, so that it is in no column of another one on which it does not depend.

        Args:
            at: the row.
            columns: the columns in which it would be.
            others: the columns of the rows of its frame.
            moved: how far these columns are moved already.
        """
        beside = {item: of for item, of in others.items() if item not in self.below[at]}
        taken = set(chain.from_iterable(beside.values()))
        if self.trunk is not None:
            return self.trunk.offset(at, columns, taken, moved)
        if taken.isdisjoint(columns):
            is_over = not set(columns).isdisjoint(chain.from_iterable(others.values()))
            by = _OFFSETS[0] if is_over and self._passes(at) else Fraction(0)
            return by if _is_near(moved + by) else by - moved
        sign = -1 if any(self._is_before(at, item) for item in beside) else 1
        return _free_way(columns, taken, sign, moved)

    def _passes(self, at: int) -> bool:
        """Whether something that a row depends on is read beside it, and left of it."""
        return any((item, at) in self.pairs for item in self.below[at])

    def is_apart(self, at: int, other: int) -> bool:
        """Whether neither of two blocks depends on the other."""
        return other not in self.below[at]

    def _is_before(self, at: int, other: int) -> bool:
        """Whether a block is left of another: by the order of the results above them, or in a concatenation."""
        own, others = self._results(at), self._results(other)
        if own - others and others - own:
            return min(own - others) < min(others - own)
        return (at, other) in self.pairs

    def _results(self, at: int) -> set[int]:
        """The places of the results that depend on a block."""
        outputs = self.wiring.outputs
        return {n for n, output in enumerate(outputs) if at == output or at in self.below[output]}

    def _pairs(self) -> Iterator[tuple[int, int]]:
        for block in self.wiring.blocks:
            if not is_free_of_order(block) and block.steps is not None:
                order = list(dict.fromkeys(source.block for source in reads(block, state=False)))
                # Of an attention that names its rows, only the query is wired: it alone passes others.
                is_named = family_of(block) is Family.ATTENTION and names_rows(block)
                first = {source.block for of in block.operands[:1] for source in reads_of(of)}
                yield from (
                    (one, other)
                    for place, one in enumerate(order)
                    for other in order[place + 1 :]
                    if not is_named or one in first
                )


def _free_way(
    columns: Sequence[Fraction], taken: set[Fraction], sign: int, moved: Fraction
) -> Fraction:
    """How far columns are moved so that none is taken."""
    # Moved by one or more, it would be over the next step: block by block, that adds up.
    ways = [sign * offset for offset in _OFFSETS if _is_near(moved + sign * offset)]
    return next((by for by in ways if taken.isdisjoint(c + by for c in columns)), Fraction(0))


def _is_near(moved: Fraction) -> bool:
    """Whether a row that is moved so far is beside its own step, and not over another one."""
    return -1 < moved < 1
