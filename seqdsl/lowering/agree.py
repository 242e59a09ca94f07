"""two sizes → whether they are equal for all values of their names, or just for those that are set."""

from __future__ import annotations

from seqdsl.size import Atom, Size

_ONE = Size.of(1)


def agree(one: Size, other: Size) -> bool:
    """Whether two sizes are equal wherever their quotients are exact.

    ``heads * (features // heads)`` and ``features`` agree: what ``heads`` does not divide fails anyway. ``2 * units``
    and ``12`` do not: they are equal for one value of ``units`` only.
    """
    if one == other:
        return True
    top, bottom = _fraction(one)
    above, below = _fraction(other)
    return top * below == above * bottom


def _fraction(size: Size) -> tuple[Size, Size]:
    """Numerator and denominator of a size, its quotients taken as exact."""
    total, common = Size(()), _ONE
    for atoms, k in size.terms:
        top, bottom = Size.of(k), _ONE
        for atom in atoms:
            over, under = _factor(atom)
            top, bottom = top * over, bottom * under
        total, common = total * bottom + top * common, common * bottom
    return total, common


def _factor(atom: Atom) -> tuple[Size, Size]:
    if isinstance(atom, str):
        return Size.of(atom), _ONE
    top, bottom = _fraction(atom.of)
    above, below = _fraction(atom.by)
    return top * below, bottom * above
