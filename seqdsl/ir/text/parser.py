"""text → graphs: the parser of the text form. What it reads may come from strangers."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lark import Lark, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from seqdsl.ir.text.errors import IrSyntaxError
from seqdsl.ir.text.reader import read_graph
from seqdsl.ir.text.values import Values

if TYPE_CHECKING:
    from lark import Token, Tree

    from seqdsl.ir.graph import Graph
    from seqdsl.size import Size

LARGEST_TEXT = 4 * 2**20
"""Characters of a text: beyond that it is refused before anything of it is read."""

_WORDS = {
    "NAME": "a name",
    "MODEL_NAME": "the name of a model",
    "VALUE": "a value, such as `%x`",
    "LAYER": "a layer, such as `@dense`",
    "NUMBER": "a number",
    "WEIGHT": "the name of a weight",
    "SIGN": "`+` or `-`",
    "TIMES": "`*`, `//` or `/`",
    "$END": "the end",
}
_SIGNS = {
    "LBRACE": "`{`", "RBRACE": "`}`", "LPAR": "`(`", "RPAR": "`)`", "LSQB": "`[`", "RSQB": "`]`", "EQUAL": "`=`",
    "COLON": "`:`", "COMMA": "`,`", "DOT": "`.`",
}  # fmt: skip


@cache
def _parser() -> Lark:
    grammar = files("seqdsl.grammar").joinpath("ir.lark").read_text("utf-8")
    return Lark(
        grammar,
        parser="lalr",
        start=["start", "single"],
        maybe_placeholders=True,
    )


def parse_all(text: str) -> tuple[Graph, ...]:
    """Read the text of any number of graphs.

    Raises:
        IrSyntaxError: the text is not one of graphs.
    """
    return tuple(
        read_graph(tree) for tree in _tree(text, "start").children if not isinstance(tree, str)
    )


def parse(text: str) -> Graph:
    """Read the text of one graph; ``parse(str(graph))`` is ``graph``.

    What a text says may still make no sense: `seqdsl.ir.verifier.verify` checks that.

    Raises:
        IrSyntaxError: the text is not that of one graph.
    """
    graphs = parse_all(text)
    # An empty text is not the text of one graph either.
    if len(graphs) != 1:
        raise IrSyntaxError(f"{len(graphs)} models are here", 1, 1, ("one model",))
    return graphs[0]


def parse_size(text: str) -> Size:
    """Read a size, such as ``2 * units + 1``.

    Raises:
        IrSyntaxError: the text is not a size.
    """
    return Values().size(_tree(text, "single").children[0])


def _tree(text: str, start: str) -> Tree[Token]:
    if len(text) > LARGEST_TEXT:
        raise IrSyntaxError(f"{len(text)} characters; {LARGEST_TEXT} are the most", 1, 1)
    try:
        return _parser().parse(text, start=start)
    except UnexpectedInput as error:
        # Lark's own error holds its tables: its message is enough.
        raise _error(error, text) from None


def _error(error: UnexpectedInput, text: str) -> IrSyntaxError:
    # What could have stood there: Lark's tokens, as words for people below.
    names = error.accepts if isinstance(error, UnexpectedToken) else None
    if isinstance(error, UnexpectedCharacters):
        names = error.allowed
    expected = tuple(sorted({_said(name) for name in names or ()} - {""}))
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if at_end:
        lines = text.split("\n")
        return IrSyntaxError("the text ends too early", len(lines), len(lines[-1]) + 1, expected)
    shown = _shown(error, text)
    return IrSyntaxError(f"cannot read {shown[:40]!r} here", error.line, error.column, expected)


def _shown(error: UnexpectedInput, text: str) -> str:
    """What could not be read: a token, or the character at which no token begins."""
    if isinstance(error, UnexpectedToken):
        return str(error.token)
    return text.split("\n")[error.line - 1][error.column - 1 :][:1]


def _said(name: str) -> str:
    if name in ("BLANKS", "COMMENT"):
        return ""
    # A keyword's token is the keyword in capitals; other signs have names of their own.
    return _WORDS.get(name) or _SIGNS.get(name) or (f"`{name.lower()}`" if name.isalpha() else "")
