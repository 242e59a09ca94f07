"""numbers and names → sizes: widths and lengths as polynomials in the parameters of a model.

What no polynomial can say, such as ``features // heads``, is a `Quotient`: a factor like a name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Monomial = tuple[str, ...]
"""The factors of a term: names, and quotients, which are spelled as names are."""


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

    def __floordiv__(self, other: int | Size) -> Size:
        """The quotient, rounded down; what the divisor divides as a polynomial needs none.

            (4 * units + 3) // 2       2 * units + 1
            (a * b + c) // b           a + c // b

        Raises:
            ZeroDivisionError: the divisor is the number 0.
        """
        divisor = Size.of(other)
        if not divisor.terms:
            raise ZeroDivisionError(f"({self}) // 0")
        whole, rest = self._divided(divisor)
        if not rest.terms:
            return whole
        if rest.constant is not None and divisor.constant is not None:
            return whole + rest.constant // divisor.constant
        return whole + Size.of(Quotient(rest, divisor))

    def _divided(self, divisor: Size) -> tuple[Size, Size]:
        """``whole`` and ``rest`` of ``whole * divisor + rest``, term by term.

        Rounding keeps whole multiples apart: ``(q * d + r) // d`` is ``q + r // d`` for all whole numbers.
        """
        if len(divisor.terms) > 1:
            return (Size.of(1), Size(())) if self == divisor else (Size(()), self)
        by, k = divisor.terms[0]
        whole: dict[Monomial, int | Fraction] = {}
        rest: dict[Monomial, int | Fraction] = {}
        for names, coefficient in self.terms:
            left = Counter(names)
            left.subtract(by)
            quotient = Fraction(coefficient) / k
            if min(left.values(), default=0) >= 0 and quotient.denominator == 1:
                whole[tuple(sorted(left.elements()))] = quotient
            else:
                rest[names] = coefficient
        return Size._collect(whole), Size._collect(rest)

    @property
    def names(self) -> frozenset[str]:
        """The names that the size depends on."""
        factors = frozenset(name for names, _ in self.terms for name in names)
        quotients = [factor for factor in factors if isinstance(factor, Quotient)]
        return factors.difference(quotients).union(*(factor.names for factor in quotients))

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
            ZeroDivisionError: a divisor is 0 for these values.
        """
        total: int | Fraction = 0
        for names, k in self.terms:
            total += k * prod(
                name.value(env) if isinstance(name, Quotient) else env[name] for name in names
            )
        if total.denominator != 1:
            raise ValueError(f"{self} is {total}")
        return int(total)

    def subs(self, env: Mapping[str, int | Size]) -> Size:
        """The size with names replaced by numbers or sizes."""
        total = Size(())
        for names, k in self.terms:
            term = Size.of(k)
            for name in names:
                term = term * (
                    name.subs(env) if isinstance(name, Quotient) else Size.of(env.get(name, name))
                )
            total = total + term
        return total

    def __str__(self) -> str:
        """Python source for the size, named terms first: ``2 * units + 8``."""
        ordered = [term for term in self.terms if term[0]] + [
            term for term in self.terms if not term[0]
        ]
        # `32 - units`, not `-units + 32`: what is added comes first.
        first = next((place for place, (_, k) in enumerate(ordered) if k > 0), 0)
        if first:
            ordered.insert(0, ordered.pop(first))
        shared = lcm(*(k.denominator for _, k in ordered))
        text = ""
        for names, ratio in ordered or [((), 0)]:
            k = int(ratio * shared)
            factors = [str(abs(k))] * (abs(k) != 1 or not names)
            sign = ("-" if k < 0 else "") if not text else (" - " if k < 0 else " + ")
            alone = len(names) == 1 and not factors and sign != "-"
            factors += [_factor(name, alone=alone) for name in names]
            text += sign + " * ".join(factors)
        if shared == 1:
            return text
        return f"({text}) // {shared}" if len(ordered) > 1 else f"{text} // {shared}"


def _factor(name: str, *, alone: bool) -> str:
    """A factor as it is written in a product: ``2 * a // b`` is not ``2 * (a // b)``, nor ``-a // b`` ``-(a // b)``."""
    return name if alone or not isinstance(name, Quotient) else f"({name})"


class Quotient(str):
    """A quotient of sizes, rounded down; as a string it is its own source: ``features // heads``.

    Being a string, it takes its place among the names of a monomial.

    Attributes:
        numerator: what is divided.
        divisor: by what.
    """

    __slots__ = ("divisor", "numerator")
    numerator: Size
    divisor: Size

    def __new__(cls, numerator: Size, divisor: Size) -> Quotient:
        """The quotient of two sizes, which is no polynomial."""
        above = f"({numerator})" if len(numerator.terms) > 1 else str(numerator)
        names, k = divisor.terms[0]
        one = len(divisor.terms) == 1 and len(names) + (k != 1) == 1
        # `a // b // c` divides twice.
        simple = one and not any(isinstance(name, Quotient) for name in names)
        made = super().__new__(cls, f"{above} // {divisor if simple else f'({divisor})'}")
        made.numerator, made.divisor = numerator, divisor
        return made

    def __getnewargs__(self) -> tuple[Size, Size]:  # type: ignore[override]
        """What it is made of again where it is copied."""
        return self.numerator, self.divisor

    @property
    def names(self) -> frozenset[str]:
        """The names that it depends on."""
        return self.numerator.names | self.divisor.names

    def value(self, env: Mapping[str, int]) -> int:
        """The number for the given values of the names."""
        return self.numerator.value(env) // self.divisor.value(env)

    def subs(self, env: Mapping[str, int | Size]) -> Size:
        """The size with names replaced by numbers or sizes."""
        return self.numerator.subs(env) // self.divisor.subs(env)
