"""text → the rows of its picture, and the calls and numbers that stand around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOXES = str.maketrans("│─┼┌┐└┘├┤┬┴╱╲→←↑○●◯", "|-+++++++++/\\><^OOO")
_DEFINITION = re.compile(r"\s*([A-Z])\s*=\s*([a-z].*)")
_VALUE = re.compile(r"\s*([a-z]\w*)\s*=\s*([-\d.].*)")
_MODEL = re.compile(r"\s*model\s+\S+\s*")
_CALL = re.compile(r"\s([a-z]\w*\s*(?:\(.*\))?)\s*$")


@dataclass(frozen=True)
class Text:
    """A file of one model.

    Attributes:
        rows: the cells of its rows, top row first.
        beside: the call at the right end of each row; empty if there is none.
        definitions: the call of each letter.
        values: its parameters, as they are written.
        cells: the lines of its cells.
    """

    rows: tuple[str, ...]
    beside: tuple[str, ...]
    definitions: dict[str, str]
    values: dict[str, str]
    cells: tuple[str, ...] = ()


def parse(text: str) -> Text:
    """Take a file apart."""
    rows: list[str] = []
    beside: list[str] = []
    definitions: dict[str, str] = {}
    values: dict[str, str] = {}
    equations: list[str] = []
    is_cell = False
    for whole in text.splitlines():
        line = whole.partition("#")[0].rstrip()
        # `cell mgu(units):`, and the equations below it until a blank line.
        is_cell = bool(line) and (is_cell or line.startswith("cell "))
        if is_cell:
            equations.append(line)
            continue
        if not line or _MODEL.fullmatch(line):
            continue
        if match := _DEFINITION.fullmatch(line):
            definitions[match[1]] = match[2]
        elif match := _VALUE.fullmatch(line):
            values[match[1]] = match[2]
        else:
            cells, call = _split(line)
            rows.append(cells)
            beside.append(call)
    return Text(tuple(rows), tuple(beside), definitions, values, tuple(equations))


def _split(line: str) -> tuple[str, str]:
    """The cells of a row, and the call beside them."""
    line = line.replace("…", "...") if ".." not in line else line
    match = _CALL.search(line)
    if match is None:
        return line.translate(_BOXES), ""
    return line[: match.start()].translate(_BOXES), match[1].strip()
