"""sizes → text that says all of them: ``2 * units + 8``, ``(n + 1) // 2``, ``n / 2``.

Python's own ``//`` would serve for both of the last two. Here ``//`` rounds down, and ``/`` divides without a rest, as
the width of half a vector does.
"""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from seqdsl.size import Quotient

if TYPE_CHECKING:
    from seqdsl.size import Atom, Monomial, Size


def size_text(size: Size) -> str:
    """A size as it is written in the text form."""
    # What depends on names comes first, what is added before what is taken away: `32 - units`.
    ordered = sorted(size.terms, key=lambda term: (not term[0], term[1] < 0))
    if ordered and ordered[0][1] < 0:
        ordered.sort(key=lambda term: term[1] < 0)
    # n/2 + 3/4: the shared divisor is 4, and the text (2 * n + 3) / 4.
    shared = lcm(*(k.denominator for _, k in ordered))
    text = ""
    for names, k in ordered:
        number = int(k * shared)
        sign = "-" if number < 0 else "+" if text else ""
        # The first sign is part of its term, `-a`, all others between two: `a - b`.
        text += f" {sign} " if text else sign
        text += _product(names, abs(number))
    if shared == 1:
        return text or "0"
    return f"({text}) / {shared}" if len(ordered) > 1 else f"{text} / {shared}"


def _product(names: Monomial, number: int) -> str:
    factors = [str(number)] if number != 1 or not names else []
    factors += [_atom(name) for name in names]
    return " * ".join(factors)


def _atom(atom: Atom) -> str:
    # Always in brackets: `2 * a // b` would divide the product.
    return f"({_side(atom.of)} // {_side(atom.by)})" if isinstance(atom, Quotient) else atom


def _side(size: Size) -> str:
    text = size_text(size)
    return f"({text})" if " " in text and not _is_bracketed(text) else text


def _is_bracketed(text: str) -> bool:
    """Whether a text is one pair of brackets and what is in it: ``(n // 2)``, not ``(a) + (b)``."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return sign == ")" and place == len(text) - 1
    return False
