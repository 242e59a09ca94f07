"""text → positions: every later stage points back at the characters it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A run of characters on one line; line and columns count from 1, ``end`` is exclusive."""

    line: int
    column: int
    end: int

    @staticmethod
    def cell(line: int, column: int) -> Span:
        """The span of the single character at ``line`` and ``column``."""
        return Span(line, column, column + 1)

    def to(self, other: Span) -> Span:
        """The span from here to the end of ``other``, which is on the same line."""
        return Span(self.line, self.column, other.end)


@dataclass(frozen=True)
class Source:
    """A ``.seq`` text and the name under which messages speak of it."""

    name: str
    text: str

    @cached_property  # A text of many findings is asked for its lines by each.
    def lines(self) -> list[str]:
        """The text's lines without their ends."""
        return self.text.split("\n")
