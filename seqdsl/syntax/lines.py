"""text → lines: the Lark parser, and what it makes of each line."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from seqdsl.syntax.ast import (
    MOST_OPERATORS,
    Argument,
    Call,
    Definition,
    Line,
    ModelLine,
    Number,
    Operation,
    Parameter,
    Row,
    Value,
    Word,
)
from seqdsl.syntax.tables import tables_file
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator


# What people paste from drawings, character for character, so that columns stay.
BOX_CHARACTERS = str.maketrans("│─┼┌┐└┘├┤┬┴╱╲→←↑○●◯\u00a0", "|-+++++++++/\\><^OOO ")

_LOWER_O = re.compile(r"(?<![.a-z0-9_])o(?![.a-z0-9_])", re.IGNORECASE)


def _span(token: Token) -> Span:
    assert token.line is not None and token.column is not None
    return Span(token.line, token.column, token.column + len(token))


class _Builder(Transformer[Token, list[Line]]):
    """Builds each rule's class; a method is named after its rule."""

    def start(self, lines: list[Line]) -> list[Line]:
        return lines

    def model(self, children: list[Token]) -> ModelLine:
        return ModelLine(str(children[0]), _span(children[0]))

    def parameter(self, children: list[Token | Value]) -> Parameter:
        name, value = children
        assert isinstance(name, Token) and not isinstance(value, Token)
        return Parameter(str(name), value, _span(name))

    def definition(self, children: list[Token | Call]) -> Definition:
        letter, call = children
        assert isinstance(letter, Token) and isinstance(call, Call)
        return Definition(str(letter), call, _span(letter))

    def row(self, children: list[Token | Call]) -> Row:
        cells, call = children[0], children[1] if len(children) > 1 else None
        assert isinstance(cells, Token) and not isinstance(call, Token)
        text = _LOWER_O.sub("O", cells) if "o" in cells else str(cells)
        span = _span(cells)
        return Row(" " * (span.column - 1) + text.rstrip(), span.line, call)

    def call(self, children: list[Token | tuple[Argument, ...] | None]) -> Call:
        name, arguments = children
        assert isinstance(name, Token) and not isinstance(arguments, Token)
        return Call(str(name), arguments or (), _span(name))

    def arguments(self, children: list[Argument]) -> tuple[Argument, ...]:
        return tuple(children)

    def argument(self, children: list[Token | Value | None]) -> Argument:
        keyword, value = children
        assert isinstance(value, Number | Word | Operation)
        if keyword is None:
            return Argument(None, value, value.span)
        assert isinstance(keyword, Token)
        return Argument(str(keyword), value, _span(keyword).to(value.span))

    def operation(self, children: list[Token | Value]) -> Operation:
        left, operator, right = children
        assert isinstance(operator, Token)
        assert not isinstance(left, Token) and not isinstance(right, Token)
        span = left.span.to(right.span)
        operators = 1 + _operators(left) + _operators(right)
        if operators > MOST_OPERATORS:
            left = right = Number(0, span)
        return Operation(str(operator), left, right, span, operators)

    def group(self, children: list[Token | Value]) -> Value:
        opening, value, closing = children
        assert isinstance(opening, Token) and isinstance(closing, Token)
        assert not isinstance(value, Token)
        span = _span(opening).to(_span(closing))
        if isinstance(value, Operation):
            return Operation(value.operator, value.left, value.right, span, value.operators)
        return Number(value.value, span) if isinstance(value, Number) else Word(value.value, span)

    def leaf(self, children: list[Token]) -> Number | Word:
        token = children[0]
        if token.type == "NAME":
            return Word(str(token), _span(token))
        text = str(token)
        return Number(
            int(text) if re.fullmatch(r"[-+]?\d{1,18}", text) else float(text), _span(token)
        )


def _operators(value: Value) -> int:
    return value.operators if isinstance(value, Operation) else 0


@cache
def _parser() -> Lark:
    grammar = files("seqdsl.grammar").joinpath("seq.lark").read_text("utf-8")
    make = partial(Lark, grammar, parser="lalr", maybe_placeholders=True, transformer=_Builder())
    if (kept := tables_file()) is not None:
        # Lark goes on without tables that it cannot read, but not where it cannot write them for
        # another reason than the disk (in a browser). What is wrong with the grammar comes up again below.
        with suppress(Exception):
            return make(cache=kept)
    return make()


def parse_lines(text: str) -> tuple[list[Line], list[Diagnostic]]:
    """Read every line of ``text`` (LF line ends); lines that cannot be read become diagnostics."""
    text = text.translate(BOX_CHARACTERS)
    try:
        return _parse(text), []
    except UnexpectedInput:
        return _parse_each(text)


def _parse(text: str) -> list[Line]:
    return _parser().parse(text + "\n")  # type: ignore[return-value]


def _parse_each(text: str) -> tuple[list[Line], list[Diagnostic]]:
    # A faulty line must not hide the others': each is read by itself, at its own line number.
    lines: list[Line] = []
    diagnostics: list[Diagnostic] = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            lines += _renumbered(_parse(line), number)
        except UnexpectedInput as error:
            diagnostics.append(_diagnosis(error, line, number))
    return lines, diagnostics


def _renumbered(lines: list[Line], number: int) -> Iterator[Line]:
    for line in lines:
        moved = _moved(line, number)
        assert isinstance(moved, ModelLine | Parameter | Definition | Row)
        yield moved


def _moved(item: object, number: int) -> object:
    """The same tree with every span and row on line ``number``."""
    if isinstance(item, Span):
        return Span(number, item.column, item.end)
    if isinstance(item, Row):
        return Row(item.cells, number, _moved(item.call, number))  # type: ignore[arg-type]
    if isinstance(item, tuple) and not hasattr(item, "_fields"):
        return tuple(_moved(part, number) for part in item)
    names = getattr(item, "__match_args__", None)
    if names is None:
        return item
    return type(item)(*(_moved(getattr(item, name), number) for name in names))


def _diagnosis(error: UnexpectedInput, line: str, number: int) -> Diagnostic:
    word = _CAPITALS.search(line.split("#", maxsplit=1)[0])
    if word is not None and error.column >= word.start():
        written, span = (
            word["word"],
            Span(number, word.start() + 1, word.start() + 1 + len(word["word"])),
        )
        lower = written.lower()
        hint = f"layers are written in lower case: `{lower}(...)`"
        return Diagnostic("SEQ102", f"unknown layer `{written}`", span, hint)
    column = error.column if error.column and error.column > 0 else len(line.rstrip()) + 1
    at_end = isinstance(error, UnexpectedToken) and error.token.type in ("_NL", "$END")
    if at_end:
        span = Span.cell(number, len(line.split("#", maxsplit=1)[0].rstrip()) + 1)
        return Diagnostic("SEQ102", "the line ends too early", span, _expectation(error, line))
    length = len(error.token) if isinstance(error, UnexpectedToken) else 1
    shown = line[column - 1 : column - 1 + length]
    return Diagnostic(
        "SEQ102",
        f"cannot read {shown!r} here" if shown.isprintable() else "cannot read this character",
        Span(number, column, column + length),
        _expectation(error, line),
    )


# Where a layer is expected: after the nodes of a row, or after `=`.
_CAPITALS = re.compile(r"(?<![\w-])(?P<word>[A-Z]+[a-z]\w*|[A-Z]{2,}\w*)(?=[ \t]*(?:\(|$))")
_SMALL_LETTERS = re.compile(r"[ \t]*[a-z](?:[ \t=<>-]+[a-z])*(?:[ \t]{2,}[a-z].*)?[ \t]*")

_MEANING = {
    "NAME": "a lower-case word",
    "NUMBER": "a number",
    "RPAR": "`)`",
    "LPAR": "`(`",
    "COMMA": "`,`",
    "_EQUALS": "`=`",
    "CELLS": "a row of a picture",
    "MODEL_NAME": "a model's name",
    "LETTER": "a definition",
    "PARAMETER": "a parameter",
}


def _expected(error: UnexpectedInput) -> list[str]:
    """The terminals that could stand at an error; Lark keeps them in another place for each kind of error."""
    if isinstance(error, UnexpectedCharacters):
        return sorted(error.allowed or ())
    return sorted(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())


def _expectation(error: UnexpectedInput, line: str) -> str:
    if _SMALL_LETTERS.fullmatch(line):
        nodes = re.split(r"[ \t]{2,}", line.strip(), maxsplit=1)[0]
        return f"nodes are upper-case letters: `{nodes.upper()}`"
    if line[max(0, error.column - 1) : error.column] == "0":
        return "a node is the letter `O`, not the digit `0`"
    names = _expected(error)
    # Where a number may stand a bracket may, which is seldom what is missing.
    kept = [name for name in names if name != "LPAR" or "NUMBER" not in names]
    known = [_MEANING[name] for name in kept if name in _MEANING]
    return f"expected {' or '.join(known)}" if known else ""
