"""diagnosis → text: what `seqdsl explain --error` prints."""

from __future__ import annotations

from textwrap import fill, indent
from typing import TYPE_CHECKING

from seqdsl.diagnosis.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.diagnosis.diagnose import Diagnosis, Explanation

WIDTH = 88
_LONGEST = 400

_UNKNOWN = "This message is not known. The nearest known one is below, with its own numbers; compare the two."
_NOTHING = (
    f"This message is not known, and none of the {len(KINDS)} known ones is similar. Paste the whole message with "
    "its last line; `seqdsl check FILE --data SHAPE` compares a picture with the shapes of data."
)


def words(diagnosis: Diagnosis, width: int = WIDTH) -> str:
    """A diagnosis in lines of at most ``width`` columns, but for pictures."""
    if not diagnosis.explanations:
        return fill(_NOTHING, width) + "\n"
    parts = [] if diagnosis.known else [fill(_UNKNOWN, width)]
    for number, item in enumerate(diagnosis.explanations):
        parts += _explanation(item, width, is_first=number == 0)
    return "\n\n".join(parts) + "\n"


def _explanation(item: Explanation, width: int, *, is_first: bool) -> Iterator[str]:
    kind = item.found.kind
    yield f"{kind.framework}: {kind.title}" if is_first else f"It may also be: {kind.title}"
    if is_first:
        yield f"The message:\n\n{_wrapped(item.found.matched[:_LONGEST], width)}"
    yield f"What it means:\n\n{_wrapped(item.meaning, width)}"
    yield f"Change:\n\n{_wrapped(item.fix, width)}"
    if item.wrong:
        yield f"Wrong:\n\n{indent(item.wrong.rstrip(), '    ')}"
    yield f"Right:\n\n{indent(item.right.rstrip(), '    ')}"
    yield "\n".join(_wrapped(f"{name}: {line}", width) for name, line in item.lines.items())
    if item.fits is not None and is_first:
        yield from _data(item, width)


def _data(item: Explanation, width: int) -> Iterator[str]:
    head = "fits the right picture" if item.fits else "does not fit the right picture"
    # The picture below is for this data: those of the notes would say the same.
    shown = [note.partition("\n")[0] for note in item.notes] if item.instead else item.notes
    notes = "\n".join(_note(note, width) for note in shown)
    yield f"Your data {head}" + (f":\n\n{notes}" if notes else ".")
    if item.instead:
        text = indent(item.instead.text.rstrip(), "    ")
        yield f"A picture for your data (`seqdsl new {item.instead.name}`):\n\n{text}"


def _note(note: str, width: int) -> str:
    """A note; what follows its first line may be a picture, which is never wrapped."""
    first, _, rest = note.partition("\n")
    wrapped = _wrapped(first, width)
    return f"{wrapped}\n{indent(rest, '    ')}" if rest else wrapped


def _wrapped(text: str, width: int) -> str:
    return fill(
        text,
        width,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
