"""Pictures as people leave them behind: each function changes how a text looks, not what it means."""

from __future__ import annotations

import random
import re

from seqdsl.syntax.ast import Row
from seqdsl.syntax.cells import take_cells
from seqdsl.syntax.lines import parse_lines

_BOXES = str.maketrans("|-^", "│─↑")
_WIRE = "-=<>"


def rows(text: str) -> dict[int, str]:
    """The cells of each row of a text in ASCII, by its line, counted from 0."""
    # `c = f * c + i * tanh(g)` would pass for a row of nodes: the lines of cells are taken out first.
    found, _ = parse_lines(take_cells(text)[0])
    return {row.line - 1: row.cells for row in found if isinstance(row, Row)}


def indent(text: str, rng: random.Random) -> str:
    """All rows moved to the right."""
    blanks = " " * rng.randint(1, 30)
    cells = rows(text)
    return "\n".join(
        blanks + line if number in cells else line for number, line in enumerate(text.split("\n"))
    )


def trailing_blanks(text: str, rng: random.Random) -> str:
    return "\n".join(line + " " * rng.randint(0, 3) for line in text.split("\n"))


def windows(text: str, rng: random.Random) -> str:
    return "\ufeff" + text.replace("\n", "\r\n")


def last_line_end(text: str, rng: random.Random) -> str:
    return text.rstrip("\n") + "\n" * rng.choice([0, 2, 5])


def boxes(text: str, rng: random.Random) -> str:
    """Wires as box characters, and anonymous nodes as circles."""
    cells = rows(text)
    lines = text.split("\n")
    for number, drawn in cells.items():
        boxed = drawn.translate(_BOXES).replace("O", rng.choice("○●◯"))
        lines[number] = boxed + lines[number][len(drawn) :]
    return "\n".join(lines)


def repeated_wires(text: str, rng: random.Random) -> str:
    """Some rows of upright wires, drawn several times."""
    cells = rows(text)
    found = []
    for number, line in enumerate(text.split("\n")):
        found.append(line)
        if number in cells and not line.strip(" |"):
            found += [line] * rng.randint(0, 3)
    return "\n".join(found)


def loose_arguments(text: str, rng: random.Random) -> str:
    """More or fewer blanks in and before arguments and definitions."""
    cells = rows(text)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        count = len(cells.get(number, ""))
        code, sign, comment = line[count:].partition("#")
        for old, new in ((", ", " ,"), ("=", " = "), ("(", "(  "), (")", " )")):
            if rng.random() < 0.5:
                code = code.replace(old, new)
        if rng.random() < 0.5:
            code = _with_comma(code)
        lines[number] = line[:count] + code + sign + comment
    return "\n".join(lines)


def _with_comma(code: str) -> str:
    """A comma at the end of the last arguments of a line."""
    # A comma may end the arguments of a call, `tanh(c)`, but not the brackets of a value or size: `f * (1 - c)`.
    opened: list[int] = []
    last = -1
    for place, char in enumerate(code):
        if char == "(":
            opened.append(place)
        elif char == ")" and opened and code[: opened.pop()].rstrip()[-1:].isalnum():
            last = place
    return code if last < 0 else f"{code[:last]}, {code[last:]}"


def columns_between(text: str, rng: random.Random) -> str:
    """A column of blanks, and of horizontal wires where there are any, drawn between others."""
    cells = rows(text)
    tails = {number: text.split("\n")[number][len(drawn) :] for number, drawn in cells.items()}
    for _ in range(3):
        column = rng.randint(1, max(map(len, cells.values())))
        if all(_can_part(drawn, column) for drawn in cells.values()):
            cells = {
                number: _parted(drawn.ljust(column), column) for number, drawn in cells.items()
            }
    return "\n".join(
        cells[number] + tails[number] if number in cells else line
        for number, line in enumerate(text.split("\n"))
    )


def _can_part(drawn: str, column: int) -> bool:
    """Whether neither a slanted wire nor an ellipsis goes on from one side of a column to the other."""
    beside = drawn[max(0, column - 1) : column + 1]
    elided = (match.span() for match in re.finditer(r"\.\.(?:\.|\w+\.\.)", drawn))
    return not set(beside) & set("/\\") and not any(start < column < end for start, end in elided)


def _parted(drawn: str, column: int) -> str:
    beside = drawn[column - 1 : column + 1]
    wire = next((char for char in beside if char in _WIRE), " ")
    if beside == "++":
        wire = "-"
    return drawn[:column] + wire + drawn[column:]


SAME = (
    indent, trailing_blanks, last_line_end, boxes, repeated_wires, loose_arguments, windows,
)  # fmt: skip
"""What leaves no trace in the canonical form; line ends come last, as the others count on LF."""

ALL = (columns_between, *SAME)
