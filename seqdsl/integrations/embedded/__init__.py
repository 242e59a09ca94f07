"""file → analysis: pictures that stand in Markdown and in Python docstrings, at their real places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from seqdsl.lowering.compiled import CompiledModel
from seqdsl.pipeline import Analysis, analyze
from seqdsl.project.files import PYTHON
from seqdsl.syntax.ast import Document
from seqdsl.syntax.names import LONGEST_STEM, model_name
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from seqdsl.integrations.embedded.block import Block, Place
    from seqdsl.text.diagnostics import Diagnostic
    from seqdsl.text.source import Source

MOST_BLANK = 2**19
"""Lines that are put before the blocks of one file, all in all: only a file made to be slow has more."""


def analyze_blocks(data: bytes, name: str) -> Analysis:
    """Compile every ``seq`` block of a file; a model without a name gets the file's, and a number.

    Raises:
        SyntaxError: it is Python that Python cannot read.
    """
    source, blocks, diagnostics = _blocks(data, name)
    models: list[CompiledModel] = []
    room = MOST_BLANK
    for number, block in enumerate(blocks, start=1):
        if not block.ignored:
            blank = min(block.place(1, 1)[0] - 1, room)
            room -= blank
            part = _analyzed(block, blank, name, _default(name, number))
            models += part.models
            diagnostics += part.diagnostics
    return Analysis(source, Document(), tuple(models), tuple(diagnostics))


def _analyzed(block: Block, blank: int, name: str, default: str) -> Analysis:
    """The block by itself, below so many blank lines: messages may speak of a line in their text."""

    def place(line: int, column: int) -> tuple[int, int]:
        return block.place(max(1, line - blank), column)

    return _relocated(analyze("\n" * blank + block.text, name, default), place)


def _blocks(data: bytes, name: str) -> tuple[Source, list[Block], list[Diagnostic]]:
    if name.lower().endswith(PYTHON):
        from seqdsl.integrations.embedded import docstrings

        return docstrings.read(data, name)
    from seqdsl.integrations.embedded import markdown

    return markdown.read(data, name)


def _default(name: str, number: int) -> str:
    end = f"-{number}"
    return model_name(PurePath(name).stem)[: LONGEST_STEM - len(end)] + end


def _relocated(analysis: Analysis, place: Place) -> Analysis:
    """The same models and findings, with the lines and columns of the file."""
    models = (
        replace(model, lines=(place(model.lines[0], 1)[0], place(model.lines[1], 1)[0]))
        for model in analysis.models
    )
    found = (
        replace(
            item,
            span=_moved(item.span, place),
            related=tuple((_moved(span, place), caption) for span, caption in item.related),
        )
        for item in analysis.diagnostics
    )
    return replace(analysis, models=tuple(models), diagnostics=tuple(found))


def _moved(span: Span, place: Place) -> Span:
    line, column = place(span.line, span.column)
    last, end = place(span.line, span.end)
    return Span(line, column, end if last == line else column + 1)
