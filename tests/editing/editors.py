"""What an editor does, for tests: it asks for everything, and applies changes as it is told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from seqdsl.editing.at import at
from seqdsl.editing.colors import colors
from seqdsl.editing.completions import completions
from seqdsl.editing.data import Change, Range, as_json
from seqdsl.editing.findings import diagnostics
from seqdsl.editing.formatting import formatting
from seqdsl.editing.hover import hover
from seqdsl.editing.inlays import inlays
from seqdsl.editing.lenses import lenses
from seqdsl.editing.references import definition, references
from seqdsl.editing.rename import RenameError, renamable, rename
from seqdsl.editing.snapshot import Snapshot
from seqdsl.editing.symbols import symbols


def applied(text: str, changes: Sequence[Change]) -> str:
    """A text with changes, which are all places of the text as it was."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for change in sorted(
        changes, key=lambda item: (item.range.line, item.range.column), reverse=True
    ):
        start = starts[change.range.line - 1] + change.range.column - 1
        end = starts[change.range.end_line - 1] + change.range.end_column - 1
        assert start <= end
        text = text[:start] + change.text + text[end:]
    return text


def written(snapshot: Snapshot, place: Range) -> str:
    """The characters of a range within a line."""
    assert place.line == place.end_line
    return snapshot.lines[place.line - 1][place.column - 1 : place.end_column - 1]


def marked(text: str) -> tuple[str, int, int]:
    """A text without its `¶`, and the line and column of what is right behind it."""
    before, _, after = text.partition("¶")
    return before + after, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1


def ask_all(snapshot: Snapshot, places: Sequence[tuple[int, int]]) -> list[object]:
    """All that an editor shows of a text, and at some places of it."""
    found: list[object] = [
        ask(snapshot) for ask in (diagnostics, inlays, symbols, lenses, colors, formatting)
    ]
    for line, column in places:
        found += [
            at(snapshot, line, column),
            hover(snapshot, line, column),
            completions(snapshot, line, column),
            references(snapshot, line, column),
            definition(snapshot, line, column),
            renamable(snapshot, line, column),
        ]
        with suppress(RenameError):
            found.append(rename(snapshot, line, column, "K"))
    return [as_json(item) for item in found]
