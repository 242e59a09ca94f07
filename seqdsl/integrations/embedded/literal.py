r"""string literal → positions: where in the source each character of its value is.

In a docstring ``\\`` is one character of the value and two of the line; a finding has to point at
what the author reads.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tokenize
    from collections.abc import Iterable, Iterator, Sequence

Positions = list[list[tuple[int, int]]]
"""For each line of the value: line and column, from 1, of each character and of the line's end."""

_ESCAPE = re.compile(
    r"\\(?:[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)|.", re.DOTALL
)
# Any other escape keeps its backslash: two characters, as they are.
_KNOWN = frozenset("\\'\"abfnrtvxuUN01234567")


def positions(
    node: ast.Constant, strings: Sequence[tokenize.TokenInfo], lines: Sequence[str]
) -> Positions:
    """Where the characters of the string ``node`` are.

    Args:
        node: the literal; neighboring strings are one.
        strings: all string tokens of its file, in order.
        lines: the file's lines.
    """
    return rows_of(_tokens(node, strings, lines), (node.lineno, 0))


def rows_of(tokens: Iterable[tokenize.TokenInfo], start: tuple[int, int]) -> Positions:
    """Where the characters of neighboring string tokens are; ``start`` is where they are if there are none."""
    rows: Positions = [[]]
    end = start
    for token in tokens:
        for character, (line, column) in characters(token):
            rows[-1].append((line, column + 1))
            if character == "\n":
                rows.append([])
        end = token.end
    rows[-1].append((end[0], end[1] + 1))
    return rows


def _tokens(
    node: ast.Constant, strings: Sequence[tokenize.TokenInfo], lines: Sequence[str]
) -> Iterator[tokenize.TokenInfo]:
    # Strings that are joined are several tokens and one node: all tokens between its two ends.
    first = bisect_left(strings, node.lineno, key=lambda token: token.start[0])
    last = (node.end_lineno or node.lineno, node.end_col_offset or 0)
    for token in strings[first:]:
        if _offset(token.end, lines) > last:
            return
        if _offset(token.start, lines) >= (node.lineno, node.col_offset):
            yield token


def _offset(position: tuple[int, int], lines: Sequence[str]) -> tuple[int, int]:
    """The position as `ast` has it, which counts bytes."""
    line, column = position
    return line, len(lines[line - 1][:column].encode())


def characters(token: tokenize.TokenInfo) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each character of the value, with its line and offset in the source."""
    prefix, quote, body = _opened(token.string)
    line, column = token.start[0], token.start[1] + len(prefix) + len(quote)
    # a\\b in the source is a, \ and b in the value, at the offsets 0, 1 and 3; a raw string has one character for
    # each.
    for piece in body if "r" in prefix.lower() else _ESCAPE.findall(body):
        for place, character in enumerate(_values(piece)):
            yield character, (line, column + place)
        # Only a line's end, by itself or after a backslash, goes on to another line.
        line, column = (line + 1, 0) if piece.endswith("\n") else (line, column + len(piece))


def _opened(text: str) -> tuple[str, str, str]:
    prefix = text[: min(text.find(mark) for mark in "'\"" if mark in text)]
    rest = text[len(prefix) :]
    quote = rest[:3] if rest[:3] in ("'''", '"""') else rest[:1]
    return prefix, quote, rest[len(quote) : len(rest) - len(quote)]


def _values(piece: str) -> str:
    """The characters that the piece means."""
    if piece == "\\\n":
        return ""
    is_escape = piece[0] == "\\" and piece[1:2] in _KNOWN
    try:
        return piece.encode().decode("unicode_escape") if is_escape else piece
    except UnicodeDecodeError:
        # `\x4` while `\x41` is typed, which Python refuses.
        return piece
