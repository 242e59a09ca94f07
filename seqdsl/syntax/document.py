"""lines → document: which lines make up which model, and what is defined twice."""

from __future__ import annotations

import itertools
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, TypeVar

from seqdsl.syntax.ast import (
    MOST_OPERATORS,
    Definition,
    Document,
    Line,
    ModelLine,
    Number,
    Operation,
    Parameter,
    Picture,
    Row,
)
from seqdsl.syntax.lines import parse_lines
from seqdsl.syntax.names import LONGEST_STEM, check_name
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.syntax.equations import CellDefinition

_L = TypeVar("_L", ModelLine, Row, Definition, Parameter)

LARGEST = 2**31 - 1
"""The largest number a file may hold: frameworks count in 32 bits."""


def parse(source: Source, default_name: str) -> tuple[Document, list[Diagnostic]]:
    """Read ``source`` (LF line ends) into a document.

    Args:
        source: the text.
        default_name: the name of a model that has none, usually the file's stem.

    Returns:
        The document of all lines that could be read, and what is wrong with the others.
    """
    text, cells, unread = _without_cells(source.text)
    lines, diagnostics = parse_lines(text)
    diagnostics += unread
    diagnostics += _tabs(lines, source)
    comments = _comment_lines(source) if "#" in source.text else frozenset()
    blanks = frozenset(n for n, line in enumerate(source.lines, start=1) if not line.strip())
    faulty = frozenset(item.span.line for item in diagnostics)
    pictures: list[Picture] = []
    for group in _groups(lines):
        picture, problems = _picture(group, default_name, comments, faulty, blanks, tuple(cells))
        diagnostics += problems
        if picture is not None:
            pictures.append(picture)
    diagnostics += _twice([(item.name, item.span) for item in pictures], "SEQ114", "model")
    diagnostics += _twice([(item.name, item.span) for item in cells], "SEQ121", "cell")
    if not pictures and not diagnostics:
        diagnostics.append(Diagnostic("SEQ104", "there is no picture here", Span.cell(1, 1), _DRAW))
    return Document(tuple(pictures), tuple(lines), not diagnostics, tuple(cells)), diagnostics


def _without_cells(text: str) -> tuple[str, list[CellDefinition], list[Diagnostic]]:
    """The text without its cells, these, and what is wrong with their lines."""
    if "cell" not in text:
        return text, [], []
    # Few files have cells: only they need their grammar.
    from seqdsl.syntax.cells import take_cells

    return take_cells(text)


_DRAW = "draw rows of O, wired by rows of |"


def _comment_lines(source: Source) -> frozenset[int]:
    return frozenset(
        number
        for number, line in enumerate(source.lines, start=1)
        if line.lstrip(" \t").startswith("#")
    )


def _tabs(lines: Iterable[Line], source: Source) -> list[Diagnostic]:
    if "\t" not in source.text:
        return []
    texts = source.lines
    rows = [
        (line, texts[line.line - 1].split("#")[0].rstrip())
        for line in lines
        if isinstance(line, Row)
    ]
    return [
        Diagnostic(
            "SEQ103",
            "a tab in a picture: column positions are ambiguous",
            Span.cell(row.line, text.index("\t") + 1),
            "replace it with spaces",
        )
        for row, text in rows
        if "\t" in text
    ]


def _groups(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of each model: ``model`` starts a new one, unless no picture was drawn yet."""
    groups: list[list[Line]] = [[]]
    for line in lines:
        # units = 4, `model a`, a picture: one model. Another `model` line after that begins the next one.
        named = isinstance(line, ModelLine)
        if named and any(isinstance(item, Row | ModelLine) for item in groups[-1]):
            groups.append([])
        groups[-1].append(line)
    return [group for group in groups if group]


def _picture(
    group: Sequence[Line],
    default_name: str,
    comments: frozenset[int],
    faulty: frozenset[int],
    blanks: frozenset[int],
    cells: tuple[CellDefinition, ...],
) -> tuple[Picture | None, list[Diagnostic]]:
    names, rows = _of(ModelLine, group), _of(Row, group)
    definitions, parameters = _of(Definition, group), _of(Parameter, group)
    span = names[0].span if names else _first_span(group[0])
    if not rows:
        return None, [Diagnostic("SEQ104", "this model has no picture", span, _DRAW)]
    diagnostics = _cut(rows, comments | faulty, blanks)
    # A line beside the rows that could not be read may have been meant as one of them.
    near = range(rows[0].line - 1, rows[-1].line + 2)
    whole = not diagnostics and not faulty.intersection(near)
    diagnostics += _numbers(parameters)
    diagnostics += _long(rows, definitions)
    diagnostics += _twice([(item.letter, item.span) for item in definitions], "SEQ106", "letter")
    diagnostics += _twice([(item.name, item.span) for item in parameters], "SEQ107", "parameter")
    for item in parameters:
        diagnostics += check_name(item.name, item.span, "a parameter")
    name = names[0].name if names else default_name
    if len(name) > LONGEST_STEM:
        message = f"a model name of {len(name)} characters; the maximum is {LONGEST_STEM}"
        diagnostics.append(Diagnostic("SEQ108", message, span, "shorten it"))
    within = tuple(map(_within, parameters))
    return Picture(name, tuple(rows), tuple(definitions), within, span, whole, cells), diagnostics


def _of(kind: type[_L], group: Iterable[Line]) -> list[_L]:
    """The lines of one kind."""
    return [line for line in group if isinstance(line, kind)]


def _first_span(line: Line) -> Span:
    if isinstance(line, Row):
        column = len(line.cells) - len(line.cells.lstrip()) + 1
        return Span(line.line, column, len(line.cells) + 1)
    return line.span


def _cut(rows: Sequence[Row], comments: frozenset[int], blanks: frozenset[int]) -> list[Diagnostic]:
    for above, below in itertools.pairwise(rows):
        # Y Y      line 1, a blank line 2, `| |` in line 3: {2} is between, and cuts; a comment in line 2 would not.
        between = set(range(above.line + 1, below.line)) - comments
        if not between:
            continue
        if between <= blanks:
            many = len(between) > 1
            message = (
                f"{'blank lines split' if many else 'a blank line splits'} this picture in two"
            )
            hint = f"remove the blank line{'s' * many}, or begin another model with `model NAME`"
        else:
            message = "a second picture begins here: a picture's rows are contiguous lines"
            hint = "remove the lines between the rows, or begin another model with `model NAME`"
        place = ((_first_span(above), "the picture above ends"),)
        return [Diagnostic("SEQ105", message, _first_span(below), hint, place)]
    return []


def _numbers(parameters: Iterable[Parameter]) -> list[Diagnostic]:
    diagnostics = []
    for item in parameters:
        if isinstance(item.value, Number):
            diagnostics += _bounds(item.value)
            continue
        what, hint = "a word", f"write a number, such as `{item.name} = 32`"
        if isinstance(item.value, Operation):
            shown = _shown(item.value)
            what = "arithmetic"
            hint = f"write the arithmetic where the size is used, such as `lstm({shown})`"
        message = f"the parameter `{item.name}` is {what}; a parameter is a number"
        diagnostics.append(Diagnostic("SEQ111", message, item.value.span, hint))
    return diagnostics


def _within(item: Parameter) -> Parameter:
    """A parameter with a number that can be counted to: what is read of it goes on with that."""
    if not isinstance(item.value, Number) or abs(item.value.value) <= LARGEST:
        return item
    # No size can be made of `1e400`, which is infinite: its finding is reported, and no other follows from it.
    return replace(item, value=replace(item.value, value=LARGEST))


def _bounds(number: Number) -> list[Diagnostic]:
    """What keeps a number from being one of any use: frameworks count in 32 bits, and `1e400` is infinite."""
    if abs(number.value) <= LARGEST:
        return []
    shown = f"{number.value:.3g}" if isfinite(number.value) else "this number"
    return [Diagnostic("SEQ109", f"{shown} is out of range: the maximum is {LARGEST}", number.span)]


def _shown(value: Operation) -> str:
    return str(value) if value.operators <= MOST_OPERATORS else "2 * units"


def _long(rows: Iterable[Row], definitions: Iterable[Definition]) -> list[Diagnostic]:
    """Arithmetic with more operators than a size needs."""
    calls = [item.call for item in definitions] + [item.call for item in rows if item.call]
    return [
        Diagnostic(
            "SEQ110",
            f"an expression with {value.operators:,} operators; the maximum is {MOST_OPERATORS}",
            value.span,
            "a size is a few parameters and numbers: `2 * units`",
        )
        for value in (argument.value for call in calls for argument in call.arguments)
        if isinstance(value, Operation) and value.operators > MOST_OPERATORS
    ]


def _twice(named: Iterable[tuple[str, Span]], code: str, what: str) -> list[Diagnostic]:
    first: dict[str, Span] = {}
    diagnostics = []
    for name, span in named:
        if name in first:
            diagnostics.append(
                Diagnostic(
                    code,
                    f"the {what} `{name}` is defined twice",
                    span,
                    "keep one of the two, or rename one",
                    ((first[name], "first defined here"),),
                )
            )
        first.setdefault(name, span)
    return diagnostics
