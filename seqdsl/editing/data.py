"""what an editor shows, as data: ranges, findings, fixes and the rest, for adapters to pass on.

Lines and columns count from 1, in characters, and the end of a range is behind its last character.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.text.source import Span


@record(frozen=True)
class Range:
    """A run of characters; most are within one line."""

    line: int
    column: int
    end_line: int
    end_column: int

    @staticmethod
    def of(span: Span) -> Range:
        """The range of a span."""
        return Range(span.line, span.column, span.line, max(span.end, span.column))

    def holds(self, line: int, column: int) -> bool:
        """Whether a place is within it, or right behind its last character, where a cursor still touches it."""
        return (self.line, self.column) <= (line, column) <= (self.end_line, self.end_column)


@record(frozen=True)
class Change:
    """A range, and what to write instead."""

    range: Range
    text: str


@record(frozen=True)
class Related:
    """Another place that a finding speaks of."""

    range: Range
    message: str


@record(frozen=True)
class Finding:
    """What is wrong with a text, and where.

    Attributes:
        range: the cells or the word at fault.
        code: a key of `seqdsl.text.codes.CODES`.
        severity: ``"error"`` or ``"warning"``.
        message: what is wrong, in one sentence.
        hint: what to do about it; it may have several lines.
        related: other places it speaks of.
        url: where the code is explained.
    """

    range: Range
    code: str
    severity: str
    message: str
    hint: str
    related: tuple[Related, ...]
    url: str


@record(frozen=True)
class Fix:
    """Changes that remove findings.

    Attributes:
        title: what is changed, in words.
        changes: the changes, none of which overlap.
        codes: the codes of the findings that it is for.
        is_preferred: whether it is the only way that was found to make the picture compile.
    """

    title: str
    changes: tuple[Change, ...]
    codes: tuple[str, ...]
    is_preferred: bool = False


@record(frozen=True)
class Found:
    """What is at a place of a text.

    Attributes:
        kind: ``"node"``, ``"ellipsis"``, ``"delayed"``, ``"wire"``, ``"state"``, ``"layer"``, ``"argument"``,
            ``"parameter"``, ``"letter"``, ``"cell"`` or ``"model"``.
        name: the letter, word or sign that is there.
        range: its characters.
        block: the whole block that it is a node of; ``None`` for everything else.
        sources: for a wire, the nodes whose values it carries.
        targets: for a wire, the nodes that read it.
    """

    kind: str
    name: str
    range: Range
    block: Range | None = None
    sources: tuple[Range, ...] = ()
    targets: tuple[Range, ...] = ()


@record(frozen=True)
class Hover:
    """Markdown to show about a range."""

    range: Range
    text: str


@record(frozen=True)
class Inlay:
    """A few words to show behind a line, which are no part of it."""

    line: int
    column: int
    text: str
    tooltip: str


@record(frozen=True)
class Completion:
    """What may be written at a place.

    Attributes:
        label: what the list shows, and what is written.
        kind: ``"layer"``, ``"argument"``, ``"value"``, ``"letter"``, ``"parameter"``, ``"length"``, ``"function"``,
            ``"keyword"``, ``"code"``, ``"cell"`` or ``"model"``.
        detail: a few words beside it.
        text: Markdown about it; empty if there is no more to say.
        insert: what is written.
        range: what it replaces: the part of the word that is typed already.
    """

    label: str
    kind: str
    detail: str
    text: str
    insert: str
    range: Range


@record(frozen=True)
class Symbol:
    """A model, a cell, a row or a parameter, for an outline.

    Attributes:
        name: its name.
        kind: ``"model"``, ``"cell"``, ``"row"`` or ``"parameter"``.
        detail: what it is, in a few words.
        range: all of it.
        selection: its name.
        children: what it is made of.
    """

    name: str
    kind: str
    detail: str
    range: Range
    selection: Range
    children: tuple[Symbol, ...] = ()


@record(frozen=True)
class Lens:
    """A command that is offered above a model.

    Attributes:
        range: the line of the model.
        title: the words to click.
        command: ``"generate"``, ``"verify"``, ``"draw"`` or, if it has errors, ``"problems"``.
        model: the model's name.
        target: the framework to generate code for; empty for other commands.
    """

    range: Range
    title: str
    command: str
    model: str
    target: str = ""


@record(frozen=True)
class Token:
    """A run of characters of one color.

    Attributes:
        line: its line.
        column: its first column.
        length: how many characters it has.
        kind: one of `seqdsl.editing.colors.KINDS`.
    """

    line: int
    column: int
    length: int
    kind: str


def as_json(value: object) -> Any:
    """Data of this module as dictionaries, lists, texts and numbers.

    >>> as_json(Change(Range(1, 1, 1, 2), "O"))
    {'range': {'line': 1, 'column': 1, 'end_line': 1, 'end_column': 2}, 'text': 'O'}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value
