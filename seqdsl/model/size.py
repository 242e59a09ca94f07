"""numbers and names → sizes: widths and lengths as polynomials in the parameters of a model."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Monomial = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """A polynomial with rational coefficients, such as ``2*units + 8``, ``n - 3`` or ``n/2``.

    Attributes:
        terms: ``(names, coefficient)`` pairs, sorted, without zero coefficients; a constant has no names.
    """

    terms: tuple[tuple[Monomial, int | Fraction], ...]

    @staticmethod
    def of(value: int | str | Fraction | Size) -> Size:
        """The size of a number or of a name."""
        if isinstance(value, Size):
            return value
        if isinstance(value, str):
            return Size((((value,), 1),))
        return Size((((), value),) if value else ())

    @staticmethod
    def _collect(terms: Mapping[Monomial, int | Fraction]) -> Size:
        whole = (
            (names, k.numerator if k.denominator == 1 else k) for names, k in terms.items() if k
        )
        return Size(tuple(sorted(whole)))

    def __add__(self, other: int | Size) -> Size:
        """The sum, term by term."""
        total = dict(self.terms)
        for names, k in Size.of(other).terms:
            total[names] = total.get(names, 0) + k
        return Size._collect(total)

    __radd__ = __add__

    def __neg__(self) -> Size:
        """The size with every coefficient's sign changed."""
        return Size(tuple((names, -k) for names, k in self.terms))

    def __sub__(self, other: int | Size) -> Size:
        """The difference."""
        return self + -Size.of(other)

    def __mul__(self, other: int | Fraction | Size) -> Size:
        """The product."""
        total: dict[Monomial, int | Fraction] = {}
        for left, j in self.terms:
            for right, k in Size.of(other).terms:
                names = tuple(sorted(left + right))
                total[names] = total.get(names, 0) + j * k
        return Size._collect(total)

    __rmul__ = __mul__

    @property
    def names(self) -> frozenset[str]:
        """The names that the size depends on."""
        return frozenset(name for names, _ in self.terms for name in names)

    @property
    def constant(self) -> int | None:
        """The number, if the size depends on no name."""
        if not self.terms:
            return 0
        names, k = self.terms[0]
        return int(k) if names == () and len(self.terms) == 1 and k.denominator == 1 else None

    def value(self, env: Mapping[str, int]) -> int:
        """The number for the given values of the names.

        Raises:
            KeyError: a name has no value in ``env``.
            ValueError: the result is no whole number.
        """
        total: int | Fraction = 0
        for names, k in self.terms:
            total += k * prod(env[name] for name in names)
        if total.denominator != 1:
            raise ValueError(f"{self} is {total}")
        return int(total)

    def subs(self, env: Mapping[str, int | Size]) -> Size:
        """The size with names replaced by numbers or sizes."""
        total = Size(())
        for names, k in self.terms:
            term = Size.of(k)
            for name in names:
                term = term * Size.of(env.get(name, name))
            total = total + term
        return total

    def __str__(self) -> str:
        """Python source for the size, named terms first: ``2 * units + 8``."""
        ordered = [term for term in self.terms if term[0]] + [
            term for term in self.terms if not term[0]
        ]
        shared = lcm(*(k.denominator for _, k in ordered))
        text = ""
        for names, ratio in ordered or [((), 0)]:
            k = int(ratio * shared)
            factors = [str(abs(k))] * (abs(k) != 1 or not names) + list(names)
            sign = ("-" if k < 0 else "") if not text else (" - " if k < 0 else " + ")
            text += sign + " * ".join(factors)
        if shared == 1:
            return text
        return f"({text}) // {shared}" if len(ordered) > 1 else f"{text} // {shared}"
