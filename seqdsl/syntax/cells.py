"""text → cells and the text without them: which lines make up a cell, and what each of them means.

cell mgu(units):                    a line with `cell NAME`
    f = sigmoid(dense(x, h))        and those below it that are indented further
n = 28                              until one that is not, or a blank one
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from seqdsl.syntax.ast import Number, Word
from seqdsl.syntax.equation_hints import hint_for
from seqdsl.syntax.equations import (
    DEEPEST,
    MOST_CELLS,
    MOST_EQUATIONS,
    MOST_PARTS,
    CellArgument,
    CellDefinition,
    Equation,
    Expression,
    FunctionArgument,
    FunctionCall,
    Infix,
    Negative,
    depth_of,
    parts_of,
)
from seqdsl.syntax.parser_cache import tables_file
from seqdsl.syntax.renumber import moved
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADER = re.compile(r"(?P<indent>[ \t]*)cell[ \t]+(?P<name>[^ \t=(:#]+)[^=]*(?:\(.*)?$")


def take_cells(text: str) -> tuple[str, list[CellDefinition], list[Diagnostic]]:
    """The text with blank lines where cells were, the cells, and what is wrong with their lines."""
    lines = text.split("\n")
    cells: list[CellDefinition] = []
    diagnostics: list[Diagnostic] = []
    number = 0
    while number < len(lines):
        match = _HEADER.match(lines[number])
        if match is None:
            number += 1
            continue
        end = _end(lines, number, len(match["indent"]))
        cell, problems = _cell(lines[number:end], number + 1)
        cells += [] if cell is None else [cell]
        diagnostics += problems
        # What a cell was is blank for the pictures: each line keeps its number.
        lines[number:end] = [""] * (end - number)
        number = end
    if len(cells) > MOST_CELLS:
        message = f"{len(cells)} cells in one file; the maximum is {MOST_CELLS}"
        hint = "split the file"
        diagnostics.append(Diagnostic("SEQ127", message, cells[MOST_CELLS].span, hint))
    return "\n".join(lines), cells, diagnostics


_EQUATION = re.compile(r"[a-z]\w*([ \t]*,[ \t]*[a-z]\w*)*[ \t]*=[^=#]*[a-z]")
"""A line such as ``i, f = split(...)``, but no ``n = 28``."""


def _end(lines: list[str], start: int, indent: int) -> int:
    """The first line that no longer belongs to the cell that begins at line ``start``."""
    #  1  cell mgu(units):
    #  2      f = sigmoid(dense(x, h))
    #  3  # a comment, wherever it begins, ends nothing
    #  4      h = f * h
    #  5  n = 28                            less indented: the cell is lines 1 to 4
    end = start + 1
    # f = sigmoid(...) right below `cell mgu(units):`, as far to the left: only the indent was forgotten
    is_flat = end < len(lines) and _EQUATION.match(lines[end].strip()) is not None
    for number in range(start + 1, len(lines)):
        line = lines[number]
        code = line.strip()
        if not code:
            break
        if code.startswith("#"):
            # A comment belongs to the cell if an equation follows it.
            continue
        if len(line) - len(line.lstrip()) <= indent and not (is_flat and _EQUATION.match(code)):
            break
        end = number + 1
    return end


def _cell(lines: list[str], first: int) -> tuple[CellDefinition | None, list[Diagnostic]]:
    """A cell of its lines; ``None`` if its first line cannot be read."""
    header, diagnostics = _read(lines[0], first, "header")
    equations: list[Equation] = []
    for number, line in enumerate(lines[1:], start=first + 1):
        if not line.split("#", maxsplit=1)[0].strip():
            continue
        equation, problems = _read(line, number, "equation")
        diagnostics += problems
        if isinstance(equation, Equation):
            diagnostics += _size(equation)
            equations.append(equation)
    if len(equations) > MOST_EQUATIONS:
        message = f"a cell of {len(equations)} equations; the maximum is {MOST_EQUATIONS}"
        span = equations[MOST_EQUATIONS].span
        diagnostics.append(Diagnostic("SEQ127", message, span, "make it smaller"))
    if not isinstance(header, CellDefinition):
        return None, diagnostics
    margin = len(lines[0]) - len(lines[0].lstrip())
    flat = [item for item in equations if item.span.column - 1 <= margin]
    if flat:
        message = f"the equations of `{header.name}` are not indented"
        hint = "put spaces in front of each of them"
        diagnostics.append(Diagnostic("SEQ122", message, flat[0].span, hint))
    sound = not diagnostics
    kept = tuple(equations[:MOST_EQUATIONS])
    return CellDefinition(header.name, header.parameters, kept, header.span, sound), diagnostics


def _size(equation: Equation) -> list[Diagnostic]:
    """Whether an equation is larger than any of a paper; of one that is, the tree was not kept."""
    # What was dropped of a tree is gone, but it was counted: the message says how large it was.
    value = equation.value
    hint = "give parts of it names of their own, each with an equation"
    if parts_of(value) > MOST_PARTS:
        message = f"an equation of {parts_of(value):,} parts; the maximum is {MOST_PARTS}"
        return [Diagnostic("SEQ127", message, equation.span, hint)]
    if depth_of(value) > DEEPEST:
        message = f"an equation nested {depth_of(value):,} deep; the maximum is {DEEPEST}"
        return [Diagnostic("SEQ127", message, equation.span, hint)]
    return []


def _span(token: Token) -> Span:
    assert token.line is not None and token.column is not None
    return Span(token.line, token.column, token.column + len(token))


def _word(token: Token) -> Word:
    return Word(str(token), _span(token))


def _number(token: Token, sign: str = "") -> Number:
    # rate=-1 is read, to be refused where it is used: the finding is about rates then, not about a sign.
    text = f"{sign}{token}"
    # `int` raises ValueError beyond 4,300 digits; `float` takes any number.
    value = int(text) if re.fullmatch(r"-?\d{1,18}", text) else float(text)
    return Number(value, _span(token))


class _Builder(Transformer[Token, object]):
    """Builds each rule's class; a method is named after its rule."""

    def header(self, children: list[Token | tuple[CellArgument, ...] | None]) -> CellDefinition:
        name, parameters = children
        assert isinstance(name, Token) and not isinstance(parameters, Token)
        return CellDefinition(str(name), parameters or (), (), _span(name))

    def parameters(self, children: list[CellArgument]) -> tuple[CellArgument, ...]:
        return tuple(children)

    def parameter(self, children: list[Token | None]) -> CellArgument:
        name, *given = children
        assert name is not None
        default = [item for item in given if item is not None]
        if not default:
            return CellArgument(str(name), None, _span(name))
        token = default[-1]
        if token.type == "NAME":
            return CellArgument(str(name), _word(token), _span(name).to(_span(token)))
        sign = "-" if len(default) > 1 else ""
        number = _number(token, sign)
        if sign:
            number = Number(number.value, _span(default[0]).to(number.span))
        return CellArgument(str(name), number, _span(name).to(number.span))

    def equation(self, children: list[tuple[Word, ...] | Expression]) -> Equation:
        names, value = children
        assert isinstance(names, tuple) and not isinstance(value, tuple)
        return Equation(names, value, names[0].span.to(value.span))

    def names(self, children: list[Token]) -> tuple[Word, ...]:
        return tuple(map(_word, children))

    def number(self, children: list[Token]) -> Number:
        return _number(children[0])

    def word(self, children: list[Token]) -> Word:
        return _word(children[0])

    def infix(self, children: list[Token | Expression]) -> Infix:
        left, operator, right = children
        assert isinstance(operator, Token)
        assert not isinstance(left, Token) and not isinstance(right, Token)
        span = left.span.to(right.span)
        (left, right), parts, depth = _kept((left, right), span)
        return Infix(str(operator), left, right, span, parts, depth)

    product = infix

    def negative(self, children: list[Token | Expression]) -> Negative:
        sign, value = children
        assert isinstance(sign, Token) and not isinstance(value, Token)
        span = _span(sign).to(value.span)
        (value,), parts, depth = _kept((value,), span)
        return Negative(value, span, parts, depth)

    def group(self, children: list[Token | Expression]) -> Expression:
        value = children[1]
        assert not isinstance(value, Token)
        return value

    def argument(self, children: list[Token | Expression | None]) -> FunctionArgument:
        keyword, value = children
        assert value is not None and not isinstance(value, Token)
        if keyword is None:
            return FunctionArgument(None, value, value.span)
        assert isinstance(keyword, Token)
        return FunctionArgument(str(keyword), value, _span(keyword).to(value.span))

    def arguments(self, children: list[FunctionArgument]) -> tuple[FunctionArgument, ...]:
        return tuple(children)

    def call(self, children: list[Token | tuple[FunctionArgument, ...] | None]) -> FunctionCall:
        name, _, given, closing = children
        assert isinstance(name, Token) and isinstance(closing, Token)
        assert not isinstance(given, Token)
        arguments = given or ()
        span = _span(name).to(_span(closing))
        values, parts, depth = _kept(tuple(item.value for item in arguments), span)
        kept = zip(arguments, values, strict=True)
        arguments = tuple(FunctionArgument(item.keyword, new, item.span) for item, new in kept)
        return FunctionCall(str(name), arguments, _span(name), span, parts, depth)


def _kept(values: Iterable[Expression], span: Span) -> tuple[tuple[Expression, ...], int, int]:
    """The values of a tree, how many parts it has and how deep it is; values of one too large are dropped."""
    # tanh(tanh(...)) a thousand deep would exhaust Python's stack wherever the tree is walked: above the limit a tree
    # of one level is kept, with the numbers that say so.
    values = tuple(values)
    parts = 1 + sum(map(parts_of, values))
    depth = 1 + max(map(depth_of, values), default=0)
    if parts > MOST_PARTS or depth > DEEPEST:
        return (Number(0, span),) * len(values), parts, depth
    return values, parts, depth


@cache
def _parser() -> Lark:
    grammar = files("seqdsl.grammar").joinpath("cell.lark").read_text("utf-8")
    make = partial(
        Lark,
        grammar,
        parser="lalr",
        start=["header", "equation"],
        maybe_placeholders=True,
        transformer=_Builder(),
    )
    if (cached := tables_file("cell")) is not None:
        # As for the grammar of lines: without tables, and where they cannot be written, Lark goes on or raises.
        with suppress(Exception):
            return make(cache=cached)
    return make()


def _read(line: str, number: int, start: str) -> tuple[object, list[Diagnostic]]:
    """A line of a cell; ``None`` with what is wrong if it cannot be read."""
    try:
        return moved(_parser().parse(line, start=start), number), []
    except UnexpectedInput as error:
        return None, [_diagnosis(error, line, number, start)]


def _diagnosis(error: UnexpectedInput, line: str, number: int, start: str) -> Diagnostic:
    code = line.split("#", maxsplit=1)[0].rstrip()
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if at_end:
        span = Span.cell(number, len(code) + 1)
        return Diagnostic(
            "SEQ102", "the line ends too early", span, hint_for(code, span.column, start)
        )
    column = error.column if error.column and error.column > 0 else len(code) + 1
    length = 1 if isinstance(error, UnexpectedCharacters) else len(error.token)  # type: ignore[attr-defined]
    shown = line[column - 1 : column - 1 + length]
    message = f"cannot read {shown!r} here" if shown.isprintable() else "cannot read this character"
    span = Span(number, column, column + length)
    return Diagnostic("SEQ102", message, span, hint_for(code, column, start))
