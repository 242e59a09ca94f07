"""a row with two numbers for one letter → what to write: a letter's row has one length, and one name for it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from seqdsl.syntax.faulty import Faulty, Recovered, code
from seqdsl.syntax.row_corrections import NUMBERED
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTER = re.compile(r"[A-Za-z]")


def two_lengths(faulty: Faulty) -> Recovered | None:
    """``Q ..20.. Q ..30.. Q``: a row of 50 steps, or two rows."""
    text = code(faulty.text)
    ellipses = list(NUMBERED.finditer(text))
    clash = next((pair for pair in pairwise(ellipses) if _is_one_row(text, *pair)), None)
    if clash is None:
        return None
    # The same letter from the node before the first number to the one behind the second.
    letter = next(_letters(text[clash[0].end() :])).upper()
    first, second = (item[1] for item in clash)
    other = "P" if letter != "P" else "Q"
    span = Span(faulty.number, clash[0].start() + 1, clash[1].end() + 1)
    message = f"the row of `{letter}` has two lengths, {first} and {second}; a letter's row has one"
    hint = (
        f"for one row write `{letter} ..n.. {letter}`, and a line `n = {int(first) + int(second)}`\n"
        f"for two rows use two letters: `{letter} ..n.. {letter}   {other} ..m.. {other}`, "
        f"and lines `n = {first}` and `m = {second}`"
    )
    return Recovered([], [Diagnostic("SEQ102", message, span, hint)])


def _is_one_row(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether two numbers differ, and the nodes around and between them have one letter."""
    # Q ..20.. Q ..30.. Q     one row
    # Q ..20.. Q   P ..30.. P     two rows
    before = list(_letters(text[: first.start()]))[-1:]
    between = list(_letters(text[first.end() : second.start()]))
    behind = list(_letters(text[second.end() :]))[:1]
    letters = {letter.upper() for letter in (*before, *between, *behind)}
    return first[1] != second[1] and bool(between) and len(letters) == 1


def _letters(text: str) -> Iterator[str]:
    return (item.group() for item in _LETTER.finditer(text))
