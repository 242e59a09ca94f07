"""Python source → blocks: ``.. seq::`` directives and fenced blocks in docstrings."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.integrations.embedded.block import Block
from seqdsl.integrations.embedded.literal import positions
from seqdsl.integrations.embedded.markdown import info_words
from seqdsl.python_syntax import parse_python
from seqdsl.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.integrations.embedded.block import Place
    from seqdsl.integrations.embedded.literal import Positions
    from seqdsl.text.diagnostics import Diagnostic

_DIRECTIVE = re.compile(r"^(\s*)\.\. seq::(.*)$")
_OPTION = re.compile(r"^\s*:([a-z-]+):")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})([^`]*)$")


class _Rows(NamedTuple):
    """The lines of a docstring that a block is made of, from ``first`` on, counted from 0."""

    first: int
    rows: list[str]
    ignored: bool


def read(data: bytes | str, name: str) -> tuple[Source, list[Block], list[Diagnostic]]:
    """The text of a Python file, and the blocks of its docstrings.

    Raises:
        SyntaxError: Python cannot read it.
    """
    source = Source(name, decoded(data))
    if "seq" not in source.text:
        return source, [], []
    with_blocks = [
        (node, blocks)
        for node in _docstrings(_parsed(source.text))
        if (blocks := list(find_blocks(str(node.value).split("\n"))))
    ]
    if not with_blocks:
        return source, [], []
    strings = _strings(source.text)
    lines = source.lines
    return (
        source,
        [
            Block("\n".join(block.rows), place_of(places, block.first), block.ignored)
            for node, blocks in with_blocks
            for places in [positions(node, strings, lines)]
            for block in blocks
        ],
        [],
    )


def _strings(text: str) -> list[tokenize.TokenInfo]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token for token in tokens if token.type == tokenize.STRING]


def decoded(data: bytes | str) -> str:
    """The text of a Python file with LF line ends; what an editor has is decoded already.

    Raises:
        SyntaxError: its bytes are not in the encoding that it names.
    """
    if isinstance(data, str):
        text = data.removeprefix("\ufeff")
    else:
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise SyntaxError(str(error)) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # An invalid escape in a user's code is not for us to warn of.
            warnings.simplefilter("ignore")
            return parse_python(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or type(error).__name__) from error


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """The docstrings of the module, its classes and functions, in the order of the text."""
    docstrings = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            value = first.value if isinstance(first, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                docstrings.append(value)
    return iter(sorted(docstrings, key=lambda item: (item.lineno, item.col_offset)))


def find_blocks(lines: Sequence[str]) -> Iterator[_Rows]:
    """The blocks of a docstring that has these lines."""
    number = 0
    while number < len(lines):
        if directive := _DIRECTIVE.match(lines[number]):
            block, number = _directive(lines, number, len(directive[1]))
            # A directive with an argument and no content shows a file.
            if any(row.strip() for row in block.rows):
                yield block
        elif fence := _FENCE.match(lines[number]):
            words = info_words(fence[2])
            block, number = _fenced(lines, number, fence[1], "ignore" in words[1:])
            if words[0] == "seq":
                yield block
        else:
            number += 1


def _directive(lines: Sequence[str], start: int, indent: int) -> tuple[_Rows, int]:
    # .. seq::             start
    #    :ignore:          options: `first` moves behind them
    #
    #    Y                 the content: blank lines, and all that is indented further than the directive
    # text                 end
    end = first = start + 1
    while end < len(lines) and (not (row := lines[end]).strip() or _indent(row) > indent):
        end += 1
    ignored = False
    while first < end and (option := _OPTION.match(lines[first])):
        ignored |= option[1] == "ignore"
        first += 1
    return _Rows(first, list(lines[first:end]), ignored), end


def _indent(row: str) -> int:
    return len(row) - len(row.lstrip())


def _fenced(lines: Sequence[str], start: int, mark: str, ignored: bool) -> tuple[_Rows, int]:
    # A fence is closed by one of the same character that is at least as long; an open one ends with the text.
    closing = re.compile(rf"^\s*{re.escape(mark)}{mark[0]}*\s*$")
    end = start + 1
    while end < len(lines) and not closing.match(lines[end]):
        end += 1
    return _Rows(start + 1, list(lines[start + 1 : end]), ignored), end + 1


def place_of(places: Positions, first: int) -> Place:
    """Where the lines of a block from line ``first`` of a docstring on are, counted from 0."""

    def place(line: int, column: int) -> tuple[int, int]:
        # What is behind the last line is shown at it.
        row = places[min(first + line - 1, len(places) - 1)]
        return row[min(column, len(row)) - 1]

    return place
