"""numbers and names → sizes: widths and lengths as polynomials in the parameters of a model."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Monomial = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """A polynomial with integer coefficients, such as ``2*units + 8`` or ``n - 3``.

    Attributes:
        terms: ``(names, coefficient)`` pairs, sorted, without zero coefficients; a constant has no names.
    """

    terms: tuple[tuple[Monomial, int], ...]

    @staticmethod
    def of(value: int | str | Size) -> Size:
        """The size of a number or of a name."""
        if isinstance(value, Size):
            return value
        if isinstance(value, str):
            return Size((((value,), 1),))
        return Size((((), value),) if value else ())

    @staticmethod
    def _collect(terms: Mapping[Monomial, int]) -> Size:
        return Size(tuple(sorted((names, k) for names, k in terms.items() if k)))

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

    def __mul__(self, other: int | Size) -> Size:
        """The product."""
        total: dict[Monomial, int] = {}
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
        return self.terms[0][1] if self.terms[0][0] == () and len(self.terms) == 1 else None

    def value(self, env: Mapping[str, int]) -> int:
        """The number for the given values of the names.

        Raises:
            KeyError: a name has no value in ``env``.
        """
        total = 0
        for names, k in self.terms:
            total += k * prod(env[name] for name in names)
        return total

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
        text = ""
        for names, k in ordered or [((), 0)]:
            factors = [str(abs(k))] * (abs(k) != 1 or not names) + list(names)
            sign = ("-" if k < 0 else "") if not text else (" - " if k < 0 else " + ")
            text += sign + " * ".join(factors)
        return text
