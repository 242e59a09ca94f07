"""text of a part, changed → the changes of its file: no more characters than differ.

In Markdown a block may be quoted, in a docstring a backslash is written twice: there only changes within a line are
made, and of what means the same in the file. What cannot be written so is no change at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.editing.data import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.editing.snapshot import Part, Snapshot


def changes_to(snapshot: Snapshot, part: Part, new: str) -> tuple[Change, ...]:
    """The changes of a file with which the text of one part is another.

    Args:
        snapshot: the file.
        part: the part.
        new: its text as it is to be.

    Returns:
        The changes, in order; none if the file cannot have that text.
    """
    changes = tuple(_line_changes(part, part.lines, new.split("\n")))
    if _is_as_written(snapshot, part):
        return changes
    simple = all(
        not set("\n\\") & set(item.text) and item.range.line == item.range.end_line
        for item in changes
    )
    return changes if simple else ()


def _is_as_written(snapshot: Snapshot, part: Part) -> bool:
    """Whether the lines of a part are those of the file, character for character."""
    if part.placed is None:
        return True
    for number in range(part.placed.blank + 1, len(part.lines) + 1):
        line, column = part.to_file(number, 1)
        there, here = snapshot.lines[line - 1], part.lines[number - 1]
        # The last line of a docstring goes on with its quotes.
        same = there.startswith(here) if number == len(part.lines) else there == here
        if column != 1 or not same:
            return False
    return True


def _line_changes(part: Part, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    # Slow to import, and needed for few texts.
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        if last - first == end - start:
            for number in range(first, last):
                yield _within(part, number + 1, old[number], new[number - first + start])
        else:
            yield _lines(part, old, (first, last), new[start:end])


def _within(part: Part, number: int, old: str, new: str) -> Change:
    """The change of one line: what is between its common beginning and its common end."""
    #     | |  |     `| | ` at the beginning and `|` at the end stay: a space goes
    #     | | |
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    place = part.between((number, start + 1), (number, len(old) - end + 1))
    return Change(place, new[start : len(new) - end])


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines(part: Part, old: Sequence[str], lines: tuple[int, int], new: Sequence[str]) -> Change:
    first, last = lines
    if first < last and new:
        # From the first character of the first line to the last of the last: line ends stay.
        place = part.between((first + 1, 1), (last, len(old[last - 1]) + 1))
        return Change(place, "\n".join(new))
    if last < len(old):
        # Lines that go take their ends along, lines that come bring theirs.
        place = part.between((first + 1, 1), (last + 1, 1))
        return Change(place, "".join(f"{line}\n" for line in new))
    # At the end of the text, it is the line end before them.
    place = part.between((first, len(old[first - 1]) + 1), (last, len(old[last - 1]) + 1))
    return Change(place, "".join(f"\n{line}" for line in new))
