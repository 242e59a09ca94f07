"""the smallest values of a file, as data: numbers and words, each with its position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.text.source import Span


@record(frozen=True)
class Number:
    """A number as written."""

    value: int | float
    span: Span

    def __str__(self) -> str:
        """The number as Python writes it."""
        return repr(self.value)


@record(frozen=True)
class Word:
    """A lower-case word: an activation, ``true``, a parameter's name."""

    value: str
    span: Span

    def __str__(self) -> str:
        """The word itself."""
        return self.value
