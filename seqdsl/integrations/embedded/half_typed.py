"""Python source that Python cannot read yet → blocks: those of what looks like docstrings.

Whoever types a function has no syntax tree to give. Strings in three quotes are found by their signs alone, and those
at the beginning of a line are taken for docstrings; one that is still open goes on to the end of the text.
"""

from __future__ import annotations

import re
import tokenize
from typing import TYPE_CHECKING

from seqdsl.integrations.embedded.block import Block
from seqdsl.integrations.embedded.docstrings import find_blocks, place_of
from seqdsl.integrations.embedded.literal import characters, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

# A comment may hold quotes, and any string may hold a `#`: all three are passed over as a whole.
_PIECE = re.compile(
    r"""\#[^\n]*"""
    r"""|(?P<prefix>\b[a-zA-Z]{1,2})?(?P<quote>\"{3}|'{3})(?P<body>(?:\\.|(?!(?P=quote)).)*)(?P<end>(?P=quote)|\Z)"""
    r"""|(?P<one>["'])(?:\\.|(?!(?P=one))[^\n\\])*(?P=one)?""",
    re.DOTALL,
)
_READ = frozenset({"", "r", "u"})


def read_half_typed(text: str) -> list[Block]:
    """The blocks in what looks like the docstrings of ``text``."""
    return [
        Block("\n".join(block.rows), place_of(rows_of([token], token.start), block.first), False)
        for token in _docstrings(text)
        for block in find_blocks("".join(item for item, _ in characters(token)).split("\n"))
        if not block.ignored
    ]


def _docstrings(text: str) -> Iterator[tokenize.TokenInfo]:
    for match in _PIECE.finditer(text):
        prefix, quote = match["prefix"] or "", match["quote"]
        if quote is None or prefix.lower() not in _READ:
            continue
        before = text[: match.start()].split("\n")
        if before[-1].strip():
            continue
        body = match["body"].split("\n")
        start = (len(before), len(before[-1]))
        last = len(body[-1]) + (0 if len(body) > 1 else start[1])
        string = f"{prefix}{quote}{match['body']}{quote}"
        yield tokenize.TokenInfo(
            tokenize.STRING, string, start, (start[0] + len(body) - 1, last), ""
        )
