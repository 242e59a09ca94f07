"""file → analysis: pictures in Markdown and in Python docstrings, at their places in the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.lowering.compiled import CompiledModel
from seqdsl.pipeline import Analysis, analyze
from seqdsl.project.files import PYTHON
from seqdsl.syntax.ast import Document
from seqdsl.syntax.names import LONGEST_STEM, model_name
from seqdsl.text.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.integrations.embedded.block import Block, Place
    from seqdsl.text.diagnostics import Diagnostic

MOST_BLANK = 2**19
"""Lines that are put before the blocks of one file, all in all: only a file made to be slow has more."""


def analyze_blocks(data: bytes, name: str) -> Analysis:
    """Compile every ``seq`` block of a file; a model without a name gets the file's, and a number.

    Raises:
        SyntaxError: it is Python that Python cannot read.
    """
    source, blocks, diagnostics = read_blocks(data, name)
    models: list[CompiledModel] = []
    for item in placed(blocks, name):
        part = _relocated(analyze(item.text, name, item.default), item.place)
        models += part.models
        diagnostics += part.diagnostics
    return Analysis(source, Document(), tuple(models), tuple(diagnostics))


class Placed(NamedTuple):
    """A block by itself, below so many blank lines: messages may speak of a line in their text.

    Attributes:
        block: the block.
        blank: how many blank lines are above it.
        default: what its model is called if it has no name of its own.
    """

    block: Block
    blank: int
    default: str

    @property
    def text(self) -> str:
        """The text to compile."""
        return "\n" * self.blank + self.block.text

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Where in the file a line and column of that text are."""
        return self.block.place(max(1, line - self.blank), column)


def placed(blocks: Iterable[Block], name: str) -> Iterator[Placed]:
    """The blocks of a file that are compiled."""
    room = MOST_BLANK
    for number, block in enumerate(blocks, start=1):
        if not block.ignored:
            blank = min(block.place(1, 1)[0] - 1, room)
            room -= blank
            yield Placed(block, blank, _default(name, number))


def read_half_typed(text: str, name: str) -> tuple[Source, list[Block], list[Diagnostic]]:
    """What `read_blocks` gives, and of Python that Python cannot read yet, what looks like docstrings."""
    try:
        return read_blocks(text, name)
    except SyntaxError:
        from seqdsl.integrations.embedded import docstrings, half_typed

        whole = docstrings.decoded(text)
        return Source(name, whole), half_typed.read_half_typed(whole), []


def read_blocks(data: bytes | str, name: str) -> tuple[Source, list[Block], list[Diagnostic]]:
    """The text of a file, its blocks, and what is wrong with its encoding.

    Raises:
        SyntaxError: it is Python that Python cannot read.
    """
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
    diagnostics = (
        replace(
            item,
            span=_moved(item.span, place),
            related=tuple((_moved(span, place), caption) for span, caption in item.related),
        )
        for item in analysis.diagnostics
    )
    return replace(analysis, models=tuple(models), diagnostics=tuple(diagnostics))


def _moved(span: Span, place: Place) -> Span:
    line, column = place(span.line, span.column)
    last, end = place(span.line, span.end)
    # Two characters that are neighbors in a block may be on two lines of a file, as behind a backslash in a docstring.
    return Span(line, column, end if last == line else column + 1)
