"""findings whose hints are complete → the text with the hints followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.text.diagnostics import Diagnostic, Edit


class Followed(NamedTuple):
    """A text with hints followed.

    Attributes:
        text: the whole new text.
        rows: the changed and added lines, by their numbers in the new text.
        changed: the numbers of the changed lines in the old text.
    """

    text: str
    rows: dict[int, str]
    changed: tuple[int, ...]


def follow(text: str, diagnostics: Sequence[Diagnostic]) -> Followed | None:
    """Write what the hints of all findings propose; ``None`` if one is not complete.

    Args:
        text: the text.
        diagnostics: the findings to follow.
    """
    if not diagnostics or not all(item.edits for item in diagnostics):
        return None
    # The same line is asked for by several findings, such as `n = 20`.
    return _followed(text, dict.fromkeys(edit for item in diagnostics for edit in item.edits))


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits, none of which overlap."""
    return _followed(text, edits).text


def _followed(text: str, edits: Iterable[Edit]) -> Followed:
    by_line = _by_line(edits)
    # One line may become several, or none: the rows are counted as they are written, not as they were.
    lines: list[str] = []
    rows: dict[int, str] = {}
    for number, old in enumerate(text.split("\n"), start=1):
        for new in _edited(old, by_line.get(number, ())):
            # `x -> y` becomes the rows `Y`, `|` and `X`, all of them changed.
            lines.append(new)
            if number in by_line:
                rows[len(lines)] = new
    added = [str(edit.text) for edit in by_line.get(0, ())]
    if added:
        rows |= _append(lines, added)
    changed = tuple(number for number in by_line if number)
    return Followed("\n".join(lines), rows, changed)


def _by_line(edits: Iterable[Edit]) -> dict[int, list[Edit]]:
    """The edits of each line, from left to right."""
    # By line and column alone: an edit that removes its line has no text to compare.
    by_line: dict[int, list[Edit]] = {}
    for edit in sorted(edits, key=lambda item: item[:2]):
        by_line.setdefault(edit.line, []).append(edit)
    return by_line


def _append(lines: list[str], added: Sequence[str]) -> dict[int, str]:
    """Add lines to the end of a text, and give them by their numbers."""
    while lines and not lines[-1].strip():
        lines.pop()
    # A parameter follows a blank line, as people write it:
    #
    #     X X ..n.. X
    #
    #     n = 20
    rows = {len(lines) + at: line for at, line in enumerate(added, start=2)}
    lines += ["", *added, ""]
    return rows


def _edited(old: str, edits: Sequence[Edit]) -> list[str]:
    """A line with its edits, which are in the order of their columns."""
    new = old
    # From right to left: a shorter or longer word moves what is behind it, not what is before it.
    for edit in reversed(edits):
        # A fence of Markdown goes with its line.
        if edit.text is None:
            return []
        # The column may be behind the end of the line: blanks lead to it.
        rest = new[edit.end - 1 :] if edit.end else ""
        new = new[: edit.column - 1].ljust(edit.column - 1) + edit.text + rest
    # An edit without an end replaces the comment, too, which is kept: `h h  # two` is `H H  # two`.
    _, sign, comment = old.partition("#")
    if sign and new != old and "#" not in new and "\n" not in new:
        new = f"{new}  #{comment}"
    return new.split("\n")
