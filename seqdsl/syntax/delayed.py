"""rows → delayed nodes: the lower-case letters of a picture, and those whose capitals are not drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.syntax.ast import ModelLine, Row
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqdsl.syntax.ast import Line

# A letter alone: none of a word, nor of the name in `..n..`.
_DELAYED = re.compile(r"(?<![A-Za-z0-9_.])[a-z](?![A-Za-z0-9_.])")
_CAPITAL = re.compile(r"(?<![A-Za-z0-9_])[A-Z](?![A-Za-z0-9_])")


def delayed_letters(lines: Iterable[Line]) -> set[str]:
    """The lower-case letters of all rows among some lines."""
    return {letter for line in lines if isinstance(line, Row) for letter in _delayed(line)}


def drawn_letters(lines: Iterable[Line], faulty: str) -> frozenset[str]:
    """The capitals of all rows, and those in lines that cannot be read."""
    cells = [line.cells for line in lines if isinstance(line, Row)]
    return frozenset(_CAPITAL.findall(" ".join([*cells, faulty])))


def _delayed(row: Row) -> list[str]:
    return _DELAYED.findall(row.cells)


def find_undrawn(lines: Sequence[Line], faulty: str = "") -> dict[int, str]:
    """The rows with a lower-case letter whose capital is not drawn in their picture, and the first such letter.

    Args:
        lines: the lines of a text.
        faulty: its lines that cannot be read: capitals in these are drawn.
    """
    # Hardly any text has delayed nodes: what is drawn is looked at where one has.
    if not any(isinstance(line, Row) and _delayed(line) for line in lines):
        return {}
    pictures = (_undrawn(rows, drawn_letters(rows, faulty)) for rows in _pictures(lines))
    return {row.line: letter for found in pictures for row, letter in found}


def _pictures(lines: Iterable[Line]) -> Iterator[list[Row]]:
    """The rows of each model."""
    rows: list[Row] = []
    for line in lines:
        if isinstance(line, ModelLine) and rows:
            yield rows
            rows = []
        elif isinstance(line, Row):
            rows.append(line)
    yield rows


def _undrawn(rows: Sequence[Row], drawn: frozenset[str]) -> Iterator[tuple[Row, str]]:
    for row in rows:
        # `x y y` over rows of Y: `x` may be meant as an input, and is reported
        missing = [letter for letter in _delayed(row) if letter.upper() not in drawn]
        if missing:
            yield row, missing[0]


def no_capital(letter: str, text: str, number: int) -> Diagnostic:
    """The finding about a lower-case letter in a row whose capital is not drawn."""
    capital = letter.upper()
    place = next((item.start() for item in _DELAYED.finditer(text) if item.group() == letter), 0)
    return Diagnostic(
        "SEQ216",
        f"`{letter}` is what `{capital}` gave one step earlier, but no `{capital}` is drawn",
        Span.cell(number, place + 1),
        f"nodes are capital letters: write `{capital}` for a node, or draw a row of `{capital}`",
    )
