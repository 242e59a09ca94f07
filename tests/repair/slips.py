"""Slips of the hand: each makes one change to a picture that leaves it with errors."""

from __future__ import annotations

import random

from seqdsl.syntax.ast import Row
from seqdsl.syntax.lines import parse_lines


def rows(text: str) -> list[Row]:
    return [line for line in parse_lines(text)[0] if isinstance(line, Row)]


def shifted_row(text: str, rng: random.Random) -> str:
    """A row one or two columns too far to the right or to the left."""
    lines = text.split("\n")
    row = rng.choice(rows(text))
    count = rng.choice([1, 1, 2])
    if row.cells[:count].strip() == "" and rng.random() < 0.5:
        lines[row.line - 1] = lines[row.line - 1][count:]
    else:
        lines[row.line - 1] = " " * count + lines[row.line - 1]
    return "\n".join(lines)


def moved_wire(text: str, rng: random.Random) -> str:
    """One upright wire of a row one column off."""
    lines = text.split("\n")
    wires = [
        (row.line - 1, column, by)
        for row in rows(text)
        for column, char in enumerate(row.cells)
        for by in (-1, 1)
        if char == "|" and column + by >= 0 and not row.cells[column + by : column + by + 1].strip()
    ]
    if not wires:
        return text
    number, column, by = rng.choice(wires)
    cells = list(lines[number].ljust(column + 2))
    cells[column], cells[column + by] = " ", "|"
    lines[number] = "".join(cells).rstrip()
    return "\n".join(lines)


def missing_row(text: str, rng: random.Random) -> str:
    """A row of upright wires left out."""
    lines = text.split("\n")
    upright = [row for row in rows(text) if not row.cells.strip(" |")]
    if upright:
        del lines[rng.choice(upright).line - 1]
    return "\n".join(lines)


ALL = (shifted_row, moved_wire, missing_row)
