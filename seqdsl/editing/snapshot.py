"""text as it is being typed → snapshot: what each picture in it came to, for all that an editor asks.

A ``.seq`` text is one part; Markdown and Python have one for each block of pictures. Each part has lines and columns of
its own, and knows where they are in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from seqdsl.editing.data import Range
from seqdsl.editing.occurrences import occurrences
from seqdsl.pipeline import analyze
from seqdsl.project.files import holds_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.editing.occurrences import Occurrence
    from seqdsl.integrations.embedded import Placed
    from seqdsl.pipeline import Analysis
    from seqdsl.text.diagnostics import Diagnostic
    from seqdsl.text.source import Span


@dataclass(frozen=True)
class Part:
    """A ``.seq`` text, which is all of a file or a block of it.

    Attributes:
        analysis: what it came to, with lines and columns of its own.
        placed: the block that it is; ``None``: it is the file.
    """

    analysis: Analysis
    placed: Placed | None = None

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.analysis.source.lines

    @cached_property
    def names(self) -> tuple[Occurrence, ...]:
        """All names in it."""
        return occurrences(self.analysis.document)

    def to_file(self, line: int, column: int) -> tuple[int, int]:
        """The line and column of the file at which a place is."""
        return (line, column) if self.placed is None else self.placed.place(line, column)

    def of_file(self, line: int, column: int) -> tuple[int, int] | None:
        """The place of the text at a line and column of the file; ``None`` outside of it."""
        return (line, column) if self.placed is None else self._places.get((line, column))

    def range(self, span: Span) -> Range:
        """The range of the file at which a span is."""
        return self.between((span.line, span.column), (span.line, span.end))

    def between(self, start: tuple[int, int], end: tuple[int, int]) -> Range:
        """The range of the file between two places."""
        line, column = self.to_file(*start)
        end_line, end_column = self.to_file(*end)
        # Two characters of one line may be on two lines of a file, as behind a backslash in a docstring.
        if start[0] == end[0] and line != end_line:
            return Range(line, column, line, column + 1)
        return Range(
            line, column, end_line, max(end_column, column) if line == end_line else end_column
        )

    @cached_property
    def _places(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The place of the text for each character of the file that it has, and for the ends of its lines."""
        assert self.placed is not None
        # Backwards, so that of several characters at one place of the file the first one counts.
        lines = list(enumerate(self.lines, start=1))[self.placed.blank :]
        return {
            self.to_file(number, column): (number, column)
            for number, line in lines
            for column in range(len(line) + 1, 0, -1)
        }


@dataclass(frozen=True)
class Snapshot:
    """A text at one moment, and what it came to.

    Attributes:
        name: what its file is called; by its ending, it is a ``.seq`` text, Markdown or Python.
        text: the text with LF line ends.
        parts: the pictures in it.
        diagnostics: what is wrong with the file itself.
        is_diagnosed: whether the one mistake behind several findings was looked for, wherever there are any.
    """

    name: str
    text: str
    parts: tuple[Part, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    is_diagnosed: bool = True

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.split("\n")

    def part_at(self, line: int, column: int) -> tuple[Part, int, int] | None:
        """The part that has a place of the file, and where that is in it."""
        for part in self.parts:
            if (place := part.of_file(line, column)) is not None:
                return part, *place
        return None


def snapshot(
    text: str,
    name: str = "model.seq",
    before: Snapshot | None = None,
    *,
    diagnose: bool = True,
) -> Snapshot:
    """Read a text; nothing is raised, whatever is in it.

    Args:
        text: the text.
        name: the name of its file.
        before: the same file as it was before: blocks that did not change are not compiled again.
        diagnose: whether to look for the one mistake behind several findings. That may take several times as
            long as all else: an editor that compiles at every key does so when typing pauses.
    """
    if not holds_blocks(name):
        analysis = analyze(text, name, diagnose=diagnose)
        whole = (Part(analysis),)
        is_diagnosed = _diagnosed(whole, diagnose=diagnose)
        return Snapshot(name, analysis.source.text, whole, is_diagnosed=is_diagnosed)
    from seqdsl.integrations.embedded import placed, read_half_typed

    source, blocks, diagnostics = read_half_typed(text, name)
    # A page of a hundred blocks changes in one of them at a time.
    known = {} if before is None else _known(before, diagnose=diagnose)
    parts = tuple(
        Part(_analyzed(item, name, known, diagnose=diagnose), item)
        for item in placed(blocks, name)
        if item.block.text
    )
    is_diagnosed = _diagnosed(parts, diagnose=diagnose)
    return Snapshot(name, source.text, parts, tuple(diagnostics), is_diagnosed)


def _diagnosed(parts: tuple[Part, ...], *, diagnose: bool) -> bool:
    # Where nothing is wrong, there is no mistake to look for.
    return diagnose or not any(part.analysis.diagnostics for part in parts)


def _known(before: Snapshot, *, diagnose: bool) -> dict[tuple[str, str], Analysis]:
    """What blocks came to, by their texts and names; where the mistake is wanted, only if it was looked for."""
    return {
        (part.placed.text, part.placed.default): part.analysis
        for part in before.parts
        if part.placed is not None
        and (before.is_diagnosed or not diagnose or not part.analysis.diagnostics)
    }


def _analyzed(
    item: Placed, name: str, known: Mapping[tuple[str, str], Analysis], *, diagnose: bool
) -> Analysis:
    # Blank lines above it are a part of the text: a block that moved is another text, as messages speak of lines.
    found = known.get((item.text, item.default))
    return analyze(item.text, name, item.default, diagnose=diagnose) if found is None else found
