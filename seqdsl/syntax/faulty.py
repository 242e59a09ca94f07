"""a line that cannot be read, as data: what stands around it, how to read another in its place, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.syntax.renumber import renumbered
from seqdsl.text.diagnostics import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.syntax.ast import Line
    from seqdsl.text.diagnostics import Diagnostic

LONGEST = 2_000
"""Characters of a line that is looked into: people draw rows that they can see."""


class Faulty(NamedTuple):
    """A line that cannot be read.

    Attributes:
        texts: all lines of its text.
        number: its number.
        read: reads a line, as the only one of a text; ``None`` if it cannot be read.
    """

    texts: Sequence[str]
    number: int
    read: Callable[[str], list[Line] | None]

    @property
    def text(self) -> str:
        """The line."""
        return self.texts[self.number - 1]

    def lines(self, text: str) -> list[Line]:
        """What another text in its place says; nothing if it cannot be read."""
        return list(renumbered(self.read(text) or [], self.number))


class Recovered(NamedTuple):
    """What a line is meant to be, and what to say of it."""

    lines: list[Line]
    diagnostics: list[Diagnostic]


def code(text: str) -> str:
    """A line without its comment."""
    return text.partition("#")[0].rstrip()


def whole_line(faulty: Faulty, text: str) -> tuple[Edit, ...]:
    """A whole line, with the comment that stands at its end."""
    _, sign, comment = faulty.text.partition("#")
    kept = f"  {sign}{comment}" if sign and "#" not in text else ""
    return (Edit(faulty.number, 1, text + kept),)
