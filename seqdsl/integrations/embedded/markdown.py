"""Markdown → blocks: the fenced code blocks whose info string begins with ``seq``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seqdsl.integrations.embedded.block import Block
from seqdsl.syntax.reader import read as decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.integrations.embedded.block import Place
    from seqdsl.text.diagnostics import Diagnostic
    from seqdsl.text.source import Source


def read(data: bytes | str, name: str) -> tuple[Source, list[Block], list[Diagnostic]]:
    """The text of a Markdown file, its blocks, and what is wrong with its encoding."""
    source, diagnostics = decode(data, name)
    if diagnostics or "seq" not in source.text:
        return source, [], diagnostics
    return source, _fences(source.text), []


def info_words(info: str) -> list[str]:
    """The words of a fence's info string: ``seq ignore`` and ``seq,ignore`` are the same."""
    return re.split(r"[\s,]+", info.strip())


def _fences(text: str) -> list[Block]:
    # rich renders with the same library: it is there, and it knows where a fence begins in lists and quotes.
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark")
    reader.core.ruler.enableOnly(["normalize", "block"])
    # A lone CR ends a line for Markdown, not for us.
    lines = text.replace("\r", " ").split("\n")
    blocks = []
    for token in reader.parse("\n".join(lines)):
        words = info_words(token.info) if token.type == "fence" else []
        if words[:1] == ["seq"] and token.map:
            first = token.map[0] + 1
            block = _aligned(token.content.split("\n")[:-1], lines[first:])
            blocks.append(Block("\n".join(block), _below(first), "ignore" in words[1:]))
    return blocks


def _below(first: int) -> Place:
    return lambda line, column: (line + first, column)


def _aligned(rows: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The rows of a block, each at its column in the file: lists and quotes indent them."""
    return [
        # The row `Y` of a block in a quote is `> Y` in the file: it becomes `  Y`, with the columns of the file.
        " " * (len(line) - len(row)) + row if line.endswith(row) else row
        for row, line in zip(rows, lines, strict=False)
    ]
