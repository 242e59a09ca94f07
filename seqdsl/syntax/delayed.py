"""rows → delayed nodes: the lower-case letters of a picture, and those whose capitals are not drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.syntax.ast import ModelLine, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seqdsl.syntax.ast import Line

# A letter alone: none of a word, nor of the name in `..n..`.
DELAYED = re.compile(r"(?<![A-Za-z0-9_.])[a-z](?![A-Za-z0-9_.])")
_CAPITAL = re.compile(r"[A-Z]")


def letters_of(lines: Iterable[Line]) -> set[str]:
    """The lower-case letters of all rows among some lines."""
    return {letter for line in lines if isinstance(line, Row) for letter in _delayed(line)}


def _delayed(row: Row) -> list[str]:
    return DELAYED.findall(row.cells)


def find_undrawn(lines: Sequence[Line], drawn: str = "") -> dict[int, str]:
    """The rows with a lower-case letter whose capital is not drawn in their picture, and the first such letter.

    Args:
        lines: the lines of a text.
        drawn: letters that are drawn in any case, in lines that cannot be read.
    """
    # Hardly any text has delayed nodes: what is drawn is looked at where one has.
    if not any(isinstance(line, Row) and _delayed(line) for line in lines):
        return {}
    return {row.line: letter for rows in _pictures(lines) for row, letter in _undrawn(rows, drawn)}


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


def _undrawn(rows: Sequence[Row], drawn: str) -> Iterator[tuple[Row, str]]:
    capitals = set(drawn).union(*(_CAPITAL.findall(row.cells) for row in rows))
    for row in rows:
        missing = [letter for letter in _delayed(row) if letter.upper() not in capitals]
        if missing:
            yield row, missing[0]
