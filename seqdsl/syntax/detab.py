"""text → text without tabs: what most editors show where a picture holds a tab."""

from __future__ import annotations

from seqdsl.syntax.ast import Row
from seqdsl.syntax.lines import parse_lines

WIDTH = 8
"""Columns from one tab stop to the next, as in terminals."""


def without_tabs(text: str, width: int = WIDTH) -> str:
    """The same text (LF line ends) with spaces for the tabs of its rows; comments stay as they are.

    Args:
        text: a ``.seq`` text.
        width: columns from one tab stop to the next.
    """
    rows = {line.line for line in parse_lines(text)[0] if isinstance(line, Row)}
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        code, sign, comment = line.partition("#")
        lines.append(code.expandtabs(width) + sign + comment if number in rows else line)
    return "\n".join(lines)
