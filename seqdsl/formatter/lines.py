"""document and text → lines: every line in its canonical form, comments where they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.syntax.ast import Definition, Parameter, Row, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.syntax.ast import Argument, Call, Line, Picture
    from seqdsl.syntax.equations import CellDefinition
    from seqdsl.text.source import Span

_MARGIN = 3
"""Blanks between the widest row of a picture and the layers beside it."""
_PLAIN = re.compile(r"[|^ ]*\Z")


class Entry(NamedTuple):
    """A line of the file that is not blank.

    Attributes:
        code: all but its comment, in canonical form.
        comment: its comment, from ``#`` on.
        picture: the number of the picture, or of the cell, whose line it is; ``None`` if it is of none.
        apart: whether there is a blank line before it.
    """

    code: str
    comment: str
    picture: int | None
    apart: bool


def layout(
    texts: Sequence[str],
    lines: Sequence[Line],
    pictures: Sequence[Picture],
    cells: Sequence[CellDefinition],
    draw: Callable[[Sequence[Row]], list[str]],
) -> str:
    """The canonical text.

    Args:
        texts: the lines of the file as they are.
        lines: what was read of them.
        pictures: the pictures that they make up.
        cells: the cells of the file.
        draw: gives the canonical cells of a picture's rows.
    """
    rows: dict[int, tuple[str, int]] = {}
    for number, picture in enumerate(pictures):
        for row, code in _rows(picture, texts, draw):
            rows[row] = code, number
    others = {_number(line): _code(line, texts) for line in lines if not isinstance(line, Row)}
    for number, cell in enumerate(cells, start=len(pictures)):
        # Set apart from what is around it, as a picture is, which also lines up the comments of its equations.
        for row, code in cell.written(lambda leaf: _as_written(leaf.span, texts)):
            rows[row] = code, number
    entries = list(_entries(texts, rows, others))
    return "".join(f"{line}\n" for line in _text(_spaced(entries)))


def _rows(
    picture: Picture, texts: Sequence[str], draw: Callable[[Sequence[Row]], list[str]]
) -> Iterator[tuple[int, str]]:
    """The lines of a picture's rows, without repeated rows of upright wires, and their text."""
    cells = draw(picture.rows)
    width = max(map(len, cells)) + _MARGIN
    above = ""
    for row, drawn in zip(picture.rows, cells, strict=True):
        # Y Y
        # | |
        # ^ |      says no more than the row above it: wires that go straight up can be as short as one row
        # X X
        if _PLAIN.match(drawn) and above and not _comment(texts[row.line - 1]):
            continue
        above = drawn if _PLAIN.match(drawn) else ""
        yield row.line, f"{drawn:<{width}}{_call(row.call, texts)}" if row.call else drawn


def _number(line: Line) -> int:
    return line.line if isinstance(line, Row) else line.span.line


def _code(line: Line, texts: Sequence[str]) -> str:
    if isinstance(line, Definition):
        return f"{line.letter} = {_call(line.call, texts)}"
    if isinstance(line, Parameter):
        return f"{line.name} = {_as_written(line.value.span, texts)}"
    assert not isinstance(line, Row)
    return f"model {line.name}"


def _call(call: Call, texts: Sequence[str]) -> str:
    inner = ", ".join(_argument(item, texts) for item in call.arguments)
    return f"{call.layer}({inner})" if inner else call.layer


def _argument(item: Argument, texts: Sequence[str]) -> str:
    value = written(item.value, lambda leaf: _as_written(leaf.span, texts))
    return f"{item.keyword}={value}" if item.keyword else value


def _as_written(span: Span, texts: Sequence[str]) -> str:
    """A number or a word as its author writes it: ``1e-3`` stays ``1e-3``."""
    text = texts[span.line - 1][span.column - 1 : span.end - 1]
    # Brackets around one number change nothing.
    return text.strip("() \t")


def _comment(text: str) -> str:
    start = text.find("#")
    return text[start:].rstrip() if start >= 0 else ""


def _entries(
    texts: Sequence[str], rows: dict[int, tuple[str, int]], others: dict[int, str]
) -> Iterator[Entry]:
    blank = False
    for number, text in enumerate(texts, start=1):
        code, picture = rows.get(number, (others.get(number, ""), None))
        comment = _comment(text)
        if code or comment:
            yield Entry(code, comment, picture, blank)
        # A row that is left out is no blank line.
        blank = not text.strip()


def _spaced(entries: Sequence[Entry]) -> list[Entry]:
    """One blank line before and after each picture, however many comments are between."""
    found: list[Entry] = []
    comments = 0
    for entry in entries:
        if not found:
            entry = entry._replace(apart=False)  # noqa: PLW2901
        found.append(entry)
        if not entry.code:
            comments += 1
            continue
        _part(found, comments)
        comments = 0
    return found


def _part(found: list[Entry], comments: int) -> None:
    """Set the last entry apart from the one before ``comments`` lines of comment."""
    before = len(found) - comments - 2
    if before < 0 or found[before].picture == found[-1].picture:
        return
    if not any(entry.apart for entry in found[before + 1 :]):
        found[before + 1] = found[before + 1]._replace(apart=True)


def _text(entries: Sequence[Entry]) -> Iterator[str]:
    places = _comment_places(entries)
    for entry, place in zip(entries, places, strict=True):
        if entry.apart:
            yield ""
        line = f"{entry.code:<{place}}{entry.comment}" if entry.comment else entry.code
        yield line.rstrip()


def _comment_places(entries: Sequence[Entry]) -> list[int]:
    """The column of each comment: one for all of a picture, and for those on lines that follow each other."""
    groups: dict[object, list[int]] = {}
    group: object = None
    names: list[object] = []
    # n = 3   # steps      lines that follow each other, each with a comment, are one group
    # m = 44  # units
    # # data               on a line of its own: column 0, and a group ends
    # X = input(n)  # in   the next group
    for index, entry in enumerate(entries):
        follows = bool(names) and not entry.apart and bool(entries[index - 1].comment)
        if not entry.code:
            group = None
        elif entry.picture is not None:
            group = entry.picture, "rows"
        elif not (follows and entries[index - 1].picture is None and group is not None):
            group = index
        names.append(group)
        if group is not None and (entry.comment or entry.picture is not None):
            groups.setdefault(group, []).append(len(entry.code))
    # Each of a picture's many lines asks for the widest of all of them.
    widest = {name: max(widths) for name, widths in groups.items()}
    return [0 if name is None else widest.get(name, 0) + 2 for name in names]
