"""numbers and names → sizes: widths and lengths as polynomials in the parameters of a model.

What is not a polynomial, such as ``ceil(n / 2)``, is one more atom of the polynomial: a `Quotient`, in a form
in which equal lengths are equal data wherever that is decidable here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Quotient:
    """A quotient that is rounded down, such as ``(n + 1) // 2``: an atom beside the names.

    `Size.__floordiv__` makes them; it takes out first what divides without a remainder.
    """

    of: Size
    by: Size

    def __str__(self) -> str:
        """Python source for the quotient: ``features // heads``, ``(n + 1) // (2 * k)``."""
        above = f"({self.of})" if len(self.of.terms) > 1 else str(self.of)
        atoms, k = self.by.terms[0]
        # `a // b // c` divides twice.
        is_simple = len(self.by.terms) == 1 and len(atoms) + (k != 1) == 1
        is_simple = is_simple and not any(isinstance(atom, Quotient) for atom in atoms)
        return f"{above} // {self.by if is_simple else f'({self.by})'}"


Atom = str | Quotient
Monomial = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """A polynomial with rational coefficients, such as ``2*units + 8``, ``n - 3`` or ``n/2``.

    Its atoms are names and quotients, all of them whole numbers.

    Attributes:
        terms: ``(atoms, coefficient)`` pairs, sorted, without zero coefficients; a constant has no atoms.
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
        return Size(tuple(sorted(whole, key=_order)))

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
                names = tuple(sorted(left + right, key=str))
                total[names] = total.get(names, 0) + j * k
        return Size._collect(total)

    __rmul__ = __mul__

    def __floordiv__(self, other: int | Size) -> Size:
        """The quotient, rounded down.

        What divides without a remainder is taken out, and a quotient of a quotient is one::

            (4 * units + 3) // 2           2 * units + 1
            (a * b + c) // b               a + c // b
            ((n + 1) // 2 + 1) // 2        (n + 3) // 4

        So a row that repeats each step twice, of which every second is read, is as long as the row that it repeats.

        Raises:
            ZeroDivisionError: the divisor is the number 0.
        """
        divisor = Size.of(other)
        if not divisor.terms:
            raise ZeroDivisionError(f"({self}) // 0")
        # floor((p / q) / d) = floor(p / (q * d)), so that all coefficients are whole.
        shared = lcm(*(k.denominator for _, k in self.terms))
        whole, rest = (self * shared)._divided(divisor * shared)
        return whole + _quotient(rest, divisor * shared)

    def _divided(self, divisor: Size) -> tuple[Size, Size]:
        """``whole`` and ``rest`` of ``whole * divisor + rest``, term by term.

        Rounding keeps whole multiples apart: ``(q * d + r) // d`` is ``q + r // d`` for all whole numbers.
        """
        if len(divisor.terms) > 1:
            return (Size.of(1), Size(())) if self == divisor else (Size(()), self)
        by, k = divisor.terms[0]
        whole: dict[Monomial, int | Fraction] = {}
        rest: dict[Monomial, int | Fraction] = {}
        for atoms, coefficient in self.terms:
            left = Counter(atoms)
            left.subtract(by)
            quotient = Fraction(coefficient) / k
            if not atoms and not by:
                # Of numbers the rest is what is left over: (n + 5) // 2 is 2 + (n + 1) // 2.
                whole[()], rest[()] = divmod(coefficient, k)
            elif min(left.values(), default=0) >= 0 and quotient.denominator == 1:
                whole[tuple(sorted(left.elements(), key=str))] = quotient
            else:
                rest[atoms] = coefficient
        return Size._collect(whole), Size._collect(rest)

    @property
    def names(self) -> frozenset[str]:
        """The names that the size depends on."""
        result: set[str] = set()
        for atoms, _ in self.terms:
            for atom in atoms:
                result |= {atom} if isinstance(atom, str) else atom.of.names | atom.by.names
        return frozenset(result)

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
            ValueError: the result is not a whole number.
            ZeroDivisionError: a divisor is 0 for these values.
        """
        total: int | Fraction = 0
        for names, k in self.terms:
            total += k * prod(_value(name, env) for name in names)
        if total.denominator != 1:
            raise ValueError(f"{self} is {total}")
        return int(total)

    def subs(self, env: Mapping[str, int | Size]) -> Size:
        """The size with names replaced by numbers or sizes."""
        return total(
            prod((_replaced(atom, env) for atom in atoms), start=Size.of(k))
            for atoms, k in self.terms
        )

    def __str__(self) -> str:
        """Python source for the size, named terms first: ``2 * units + 8``."""
        # Most sizes are a number or a name.
        match self.terms:
            case (((), int(number)),):
                return str(number)
            case (((str(name),), 1),):
                return name
        ordered = _as_written(self.terms)
        # One divisor for all of it: n/2 + 1/3 is `(3 * n + 2) // 6`, as `n // 2 + 1 // 3` would round twice.
        shared = lcm(*(k.denominator for _, k in ordered))
        text = ""
        for atoms, ratio in ordered or [((), 0)]:
            k = int(ratio * shared)
            sign = ("-" if k < 0 else "") if not text else (" - " if k < 0 else " + ")
            text += sign + _product(atoms, abs(k), negated=sign == "-")
        if shared == 1:
            return text
        return f"({text}) // {shared}" if len(ordered) > 1 else f"{text} // {shared}"


def _as_written(
    terms: Iterable[tuple[Monomial, int | Fraction]],
) -> list[tuple[Monomial, int | Fraction]]:
    """Terms in the order in which they are written: ``units + 32``, and ``32 - units``, not ``-units + 32``."""
    named_first = sorted(terms, key=lambda term: not term[0])
    # What is added comes first: a sum that begins with a sign is harder to read.
    first = next((place for place, (_, k) in enumerate(named_first) if k > 0), 0)
    return named_first[first : first + 1] + named_first[:first] + named_first[first + 1 :]


def _product(atoms: Monomial, k: int, *, negated: bool) -> str:
    """Python source for a term: ``2 * units``; of a quotient that is not alone ``2 * (a // b)``."""
    factors = [str(k)] if k != 1 or not atoms else []
    # `2 * a // b` is not `2 * (a // b)`, nor `-a // b` `-(a // b)`.
    alone = len(atoms) == 1 and not factors and not negated
    factors += [str(atom) if isinstance(atom, str) or alone else f"({atom})" for atom in atoms]
    return " * ".join(factors)


def _order(term: tuple[Monomial, int | Fraction]) -> tuple[str, ...]:
    return tuple(map(str, term[0]))


def _quotient(rest: Size, divisor: Size) -> Size:
    """A quotient of what has no part that ``divisor`` divides.

    A quotient plus a number, divided again, is one quotient: ``(n // 2 + 1) // 3`` is ``(n + 2) // 6``.
    """
    by = divisor.constant
    if not rest.terms:
        return Size.of(0)
    number = rest.constant
    if number is not None and by is not None:
        return Size.of(number // by)
    if by is not None and by > 0:
        inner = _shifted_quotient(rest)
        if inner is not None:
            # floor((floor(x / a) + c) / d) = floor((x + a * c) / (a * d))
            of, below, constant = inner
            return (of + constant * below) // (below * by)
    return Size((((Quotient(rest, divisor),), 1),))


def _shifted_quotient(size: Size) -> tuple[Size, int, int] | None:
    """``x``, ``a`` and ``c`` of a size ``x // a + c`` for whole numbers ``a`` and ``c``."""
    first = next((term for term in size.terms if term[0]), None)
    if first is None or len(first[0]) > 1 or first[1] != 1:
        return None
    atom, constant = first[0][0], (size - Size((first,))).constant
    below = None if isinstance(atom, str) else atom.by.constant
    if isinstance(atom, str) or below is None or below <= 0 or constant is None:
        return None
    return atom.of, below, constant


def _value(atom: Atom, env: Mapping[str, int]) -> int:
    return env[atom] if isinstance(atom, str) else atom.of.value(env) // atom.by.value(env)


def _replaced(atom: Atom, env: Mapping[str, int | Size]) -> Size:
    if isinstance(atom, str):
        return Size.of(env.get(atom, atom))
    return atom.of.subs(env) // atom.by.subs(env)


def strided(steps: Size, start: Size, stride: int) -> Size:
    """How many of so many steps are read from ``start`` on, every ``stride``-th: ``ceil((steps - start) / stride)``."""
    return (steps - start + (stride - 1)) // stride


def total(sizes: Iterable[Size]) -> Size:
    """The sum of many sizes, which takes as long as they are together."""
    terms: dict[Monomial, int | Fraction] = {}
    for size in sizes:
        for names, k in size.terms:
            terms[names] = terms.get(names, 0) + k
    return Size._collect(terms)
