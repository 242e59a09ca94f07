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
    Letter,
    Line,
    ModelLine,
    Number,
    Operation,
    Parameter,
    Row,
    Value,
    Word,
)
from seqdsl.syntax.delayed import delayed_letters, find_undrawn
from seqdsl.syntax.parser_cache import tables_file
from seqdsl.syntax.renumber import renumbered
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Collection


# What people paste from drawings, character for character, so that columns stay.
BOX_CHARACTERS = str.maketrans("│─┼┌┐└┘├┤┬┴╱╲→←↑○●◯\u00a0", "|-+++++++++/\\><^OOO ")

_CAPITAL = re.compile(r"([A-Z])[ \t]+=[ \t]+([A-Z]{3,})")
# An `o` is an `O`, also beside an ellipsis, `o...`; but not in the name of one, `..o..`.
_LOWER_O = re.compile(r"(?P<name>\.\.[a-z]\w*\.\.)|(?<![a-z0-9_])o(?![a-z0-9_])", re.IGNORECASE)


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

    def row(self, children: list[Token | Call]) -> Row | Definition:
        cells, call = children[0], children[1] if len(children) > 1 else None
        assert isinstance(cells, Token) and not isinstance(call, Token)
        text = (
            _LOWER_O.sub(lambda found: found["name"] or "O", cells) if "o" in cells else str(cells)
        )
        span = _span(cells)
        # `H = GRU`: a state wire has no gaps, and no layer's name is in capitals.
        if call is None and "=" in text and (found := _CAPITAL.fullmatch(text.rstrip())):
            from seqdsl.syntax.capital_call import capital_call

            layer = capital_call(found[2], span.line, span.column + found.start(2))
            return Definition(found[1], layer, Span.cell(span.line, span.column))
        return Row(" " * (span.column - 1) + text.rstrip(), span.line, call)

    def call(self, children: list[Token | tuple[Argument, ...] | None]) -> Call:
        name, arguments = children
        assert isinstance(name, Token) and not isinstance(arguments, Token)
        return Call(str(name), arguments or (), _span(name))

    def arguments(self, children: list[Argument]) -> tuple[Argument, ...]:
        return tuple(children)

    def argument(self, children: list[Token | Value | None]) -> Argument:
        keyword, value = children
        assert isinstance(value, Number | Word | Letter | Operation)
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

    def letter(self, children: list[Token]) -> Letter:
        return Letter(str(children[0]), _span(children[0]))

    def leaf(self, children: list[Token]) -> Number | Word:
        token = children[0]
        if token.type == "NAME":
            return Word(str(token), _span(token))
        text = str(token)
        # `int` raises ValueError beyond 4,300 digits; `float` takes any number, and 19 are out of bounds in any case.
        return Number(
            int(text) if re.fullmatch(r"[-+]?\d{1,18}", text) else float(text), _span(token)
        )


def _operators(value: Value) -> int:
    return value.operators if isinstance(value, Operation) else 0


@cache
def _parser() -> Lark:
    grammar = files("seqdsl.grammar").joinpath("seq.lark").read_text("utf-8")
    # With LALR, Lark calls the transformer while it parses, and builds no tree. With placeholders, what is in
    # brackets in the grammar and is not there is None, so that children have fixed places.
    make = partial(Lark, grammar, parser="lalr", maybe_placeholders=True, transformer=_Builder())
    if (cached := tables_file()) is not None:
        # Lark goes on without tables that it cannot read, but not where it cannot write them for
        # another reason than the disk (in a browser). What is wrong with the grammar comes up again below.
        with suppress(Exception):
            return make(cache=cached)
    return make()


def parse_lines(text: str) -> tuple[list[Line], list[Diagnostic]]:
    """Read every line of ``text`` (LF line ends); lines that cannot be read become diagnostics."""
    text = text.translate(BOX_CHARACTERS)
    try:
        lines = _parse(text)
    except UnexpectedInput:
        return _parse_each(text)
    # `h h h` where no `H` is drawn: a line that can be read, and is not meant as it stands.
    return _parse_each(text) if find_undrawn(lines) else (lines, [])


def _parse(text: str) -> list[Line]:
    return _parser().parse(text + "\n")  # type: ignore[return-value]


def _parse_each(text: str) -> tuple[list[Line], list[Diagnostic]]:
    # A faulty line must not hide the others': each is read by itself, at its own line number.
    from seqdsl.syntax.recovery import Attempt, recovered, without_undrawn

    texts = text.split("\n")
    attempts = []
    for number, line in enumerate(texts, start=1):
        try:
            attempts.append(Attempt(number, list(renumbered(_parse(line), number)), None))
        except UnexpectedInput as error:
            attempts.append(Attempt(number, [], _diagnosis(error, line, number)))
    attempts, drawn = without_undrawn(attempts, texts)
    return recovered(texts, attempts, partial(_parse_one, drawn))


def _parse_one(drawn: Collection[str], line: str) -> list[Line] | None:
    """A line by itself; ``None`` if it cannot be read, or has a lower-case letter whose capital is not drawn."""
    try:
        lines = _parse(line)
    except UnexpectedInput:
        return None
    missing = (letter for letter in delayed_letters(lines) if letter.upper() not in drawn)
    return None if any(missing) else lines


def _diagnosis(error: UnexpectedInput, line: str, number: int) -> Diagnostic:
    code = line.split("#", maxsplit=1)[0].rstrip()
    column = error.column if error.column and error.column > 0 else len(line.rstrip()) + 1
    # `n 5` is no row of a delayed node: nobody can tell what it is.
    if re.fullmatch(r"\s*[a-z]\s+", line[: column - 1]):
        column = len(line) - len(line.lstrip()) + 1
        return Diagnostic(
            "SEQ102",
            f"cannot read {line[column - 1]!r} here",
            Span.cell(number, column),
            _LINE,
        )
    at_end = isinstance(error, UnexpectedToken) and error.token.type in ("_NL", "$END")
    if at_end:
        span = Span.cell(number, len(code) + 1)
        return Diagnostic("SEQ102", "the line ends too early", span, _hint(error, code))
    length = len(error.token) if isinstance(error, UnexpectedToken) else 1
    shown = line[column - 1 : column - 1 + length]
    return Diagnostic(
        "SEQ102",
        f"cannot read {shown!r} here" if shown.isprintable() else "cannot read this character",
        Span(number, column, column + length),
        _hint(error, code[: column - 1]),
    )


def _expected(error: UnexpectedInput) -> set[str]:
    """The terminals that could stand at an error; Lark keeps them in another place for each kind of error."""
    if isinstance(error, UnexpectedCharacters):
        return set(error.allowed or ())
    return set(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())


_LINE = (
    "a line is a row of a picture (`H H H   lstm(16)`), a definition (`H = lstm(16)`), a parameter (`units = 16`), "
    "`model NAME`, `cell NAME(units):` or a comment (`# ...`)"
)
_ROW = (
    "a row has capital letters for nodes, wires and `...`; a layer may follow: `H H H   lstm(16)`"
)
_DEFINED = re.compile(r"[ \t]*(?P<letter>[A-Z])[ \t]*=[ \t]*")


def _hint(error: UnexpectedInput, before: str) -> str:
    """What to type where a line cannot be read.

    Args:
        error: why it cannot be read.
        before: the line up to there.
    """
    expected = _expected(error)
    if not before.strip():
        return _LINE
    if "MODEL_NAME" in expected:
        return "write the model's name: letters, digits, `-` and `_`, a letter first"
    if "(" in before:
        # Behind a value an argument ends; elsewhere one begins.
        ends = expected & {"COMMA", "RPAR"} and not expected & {"NUMBER", "NAME"}
        text = "put a `,` between two arguments and a `)` behind the last"
        return f"{text}: `lstm(16, dropout=0.2)`" if ends else _argument(expected)
    if "NUMBER" in expected:
        return f"write a number: `{before.partition('=')[0].strip()} = 16`"
    defined = _DEFINED.fullmatch(before)
    return f"write a layer: `{defined['letter']} = lstm(16)`" if defined is not None else _ROW


def _argument(expected: set[str]) -> str:
    """What to type where an argument begins, or where nothing more may stand."""
    if not expected & {"NUMBER", "NAME"}:
        return "remove it: a row ends with its layer"
    return "write a number, a word or a parameter's name: `lstm(16)`, `dense(10, softmax)`, `lstm(units)`"
