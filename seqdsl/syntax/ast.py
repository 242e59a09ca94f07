"""the document as data: what the lines of a ``.seq`` file say, each with its position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.source import Span


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


Value = Number | Word


@record(frozen=True)
class Argument:
    """A value, with its keyword if it has one."""

    keyword: str | None
    value: Value
    span: Span

    def __str__(self) -> str:
        """The argument as it is written: ``dropout=0.2``."""
        return f"{self.keyword}={self.value}" if self.keyword else str(self.value)


@record(frozen=True)
class Call:
    """A layer and its arguments: ``lstm(64, dropout=0.2)``."""

    layer: str
    arguments: tuple[Argument, ...]
    span: Span

    def __str__(self) -> str:
        """The call in its canonical form."""
        inner = ", ".join(map(str, self.arguments))
        return f"{self.layer}({inner})" if inner else self.layer


@record(frozen=True)
class Definition:
    """What a letter stands for."""

    letter: str
    call: Call
    span: Span


@record(frozen=True)
class Parameter:
    """A named number."""

    name: str
    value: Value
    span: Span


@record(frozen=True)
class Row:
    """A row of a picture: its characters in ASCII, from column 1 on, and the layer at its right end."""

    cells: str
    line: int
    call: Call | None


@record(frozen=True)
class Picture:
    """One model of a file: a picture, definitions and parameters.

    ``whole`` tells whether all rows could be read; otherwise its wires cannot be judged.
    """

    name: str
    rows: tuple[Row, ...]
    definitions: tuple[Definition, ...]
    parameters: tuple[Parameter, ...]
    span: Span
    whole: bool = True


@record(frozen=True)
class Document:
    """A file: its models in order; ``sound`` if all its lines could be read and none stands twice."""

    pictures: tuple[Picture, ...]
    sound: bool = True
