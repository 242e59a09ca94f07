"""rows with a named ellipsis → the same rows with another name in it, all wires still straight.

O ..n.. O          O ..steps.. O      a longer name takes spaces that are to spare, or else moves all columns
|       |          |           |      behind it, in every row
X ..n.. X          X ..steps.. X
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILL = re.compile(" +|-+|=+|$")


def renamed_length(lines: list[str], rows: Iterable[int], old: str, new: str) -> None:
    """Rename an ellipsis in lines of a text, in place.

    Args:
        lines: the lines of the text.
        rows: the numbers of the picture's rows.
        old: its name.
        new: its new name.
    """
    places = [row - 1 for row in rows]
    wider = len(new) - len(old)
    token = f"..{old}.."
    moved = set()
    for at in places:
        # From right to left: what is renamed moves nothing to its left.
        for match in reversed(list(re.finditer(re.escape(token), lines[at]))):
            if not _has_room(lines[at], match.end(), wider):
                moved.add(match.end())
    for column in sorted(moved, reverse=True):
        for at in places:
            lines[at] = _widened(lines[at], column, wider)
    for at in places:
        for match in reversed(list(re.finditer(re.escape(token), lines[at]))):
            lines[at] = _fitted(lines[at], match.start(), match.end(), f"..{new}..")


def _has_room(line: str, end: int, wider: int) -> bool:
    """Whether so many columns behind an ellipsis may go: one space, or one sign of a wire, stays."""
    fill = _FILL.match(line, end)
    is_last = not line[end:].strip()
    return wider <= 0 or is_last or (fill is not None and len(fill.group()) > wider)


def _widened(line: str, column: int, wider: int) -> str:
    """A row with more columns in front of one: horizontal wires go on across them."""
    if column >= len(line):
        return line
    left, right = line[column - 1], line[column]
    sign = next((sign for sign in "-=" if sign in (left, right) and " " not in (left, right)), " ")
    return line[:column] + sign * wider + line[column:]


def _fitted(line: str, start: int, end: int, token: str) -> str:
    """A row with an ellipsis in place of another; what is behind it stays in its columns."""
    wider = len(token) - (end - start)
    behind = line[end:]
    if not behind.strip():
        return line[:start] + token
    if wider >= 0:
        return line[:start] + token + behind[wider:]
    sign = behind[0] if behind[0] in "-=" else "-" if behind[0] in "<>" else " "
    return line[:start] + token + sign * -wider + behind
