"""snapshot → the changes that give every picture in it its canonical form."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from seqdsl.editing.changes import changes_to
from seqdsl.formatter.format import format_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.editing.data import Change
    from seqdsl.editing.snapshot import Part, Snapshot


def formatting(snapshot: Snapshot) -> tuple[Change, ...]:
    """The changes of a text; none where a picture has errors, or says that it is to be left alone."""
    return tuple(change for part in snapshot.parts for change in _of(snapshot, part))


def _of(snapshot: Snapshot, part: Part) -> Iterator[Change]:
    if part.placed is None:
        new = format_text(part.analysis.source.text, snapshot.name).text
    else:
        # A block keeps its indentation, which the text around it asks for.
        text = part.placed.block.text
        found = format_text(text, snapshot.name).text
        new = None if found is None else "\n" * part.placed.blank + _indented(found, text)
    if new is not None:
        yield from changes_to(snapshot, part, new)


def _indented(new: str, old: str) -> str:
    rows = [line for line in old.split("\n") if line.strip()]
    indent = min((len(row) - len(row.lstrip(" ")) for row in rows), default=0)
    lines = textwrap.indent(new.rstrip("\n"), " " * indent)
    # What is above the first row and behind the last stays: it belongs to the text around, such as the blank line below
    # `.. seq::`, and the spaces before a docstring's quotes.
    head, tail = old[: len(old) - len(old.lstrip())], old[len(old.rstrip()) :]
    below = tail[tail.find("\n") :] if "\n" in tail else ""
    return head[: head.rfind("\n") + 1] + lines + below
