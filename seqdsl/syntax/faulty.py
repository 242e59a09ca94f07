"""a line that cannot be read, as data: what is around it, how to read another in its place, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.syntax.renumber import renumbered
from seqdsl.text.diagnostics import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.syntax.ast import Line
    from seqdsl.text.diagnostics import Diagnostic

LONGEST = 2_000
"""Characters of a line that is looked into: people draw rows that fit a screen."""


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
        """What another text in its place means; nothing if it cannot be read."""
        # It is read as line 1 of a text of its own, and moved to where the faulty line is.
        return list(renumbered(self.read(text) or [], self.number))


class Recovered(NamedTuple):
    """What a line is meant to be, and what is wrong with it."""

    lines: list[Line]
    diagnostics: list[Diagnostic]


def code(text: str) -> str:
    """A line without its comment."""
    return text.partition("#")[0].rstrip()


def whole_line(faulty: Faulty, text: str) -> tuple[Edit, ...]:
    """A whole line, with the comment at its end."""
    # `h h  # two` becomes `H H  # two`; a text that has a comment already keeps its own.
    _, sign, comment = faulty.text.partition("#")
    kept = f"  {sign}{comment}" if sign and "#" not in text else ""
    return (Edit(faulty.number, 1, text + kept),)
