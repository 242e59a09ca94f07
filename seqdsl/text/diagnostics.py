"""span + code → diagnostic: the one way in which every stage reports what is wrong with a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from seqdsl.text.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seqdsl.text.source import Source, Span


MOST_SHOWN = 1_000
"""So many findings of a text are shown to people, who fix the first ones first; formats for programs have all."""

ALL_AS_JSON = "`seqdsl check --format json` lists all"


class _Severe(Protocol):
    @property
    def severity(self) -> str: ...


_Finding = TypeVar("_Finding", bound=_Severe)


class Edit(NamedTuple):
    """What to write in place of a line, or of a part of it.

    Attributes:
        line: its number, from 1; 0: a new line behind the last one.
        column: the first column that is replaced, from 1.
        text: what to write there; with line breaks, several lines. ``None``: the line is removed.
        end: the column behind the last one that is replaced; 0: all of the line but a comment.
    """

    line: int
    column: int
    text: str | None
    end: int = 0


def instead(span: Span, text: str) -> tuple[Edit, ...]:
    """Another text in place of a word."""
    return (Edit(span.line, span.column, text, span.end),)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    r"""One finding: what is wrong, where, and what to do about it.

    >>> import seqdsl
    >>> try:
    ...     seqdsl.compile("O O O\n| |\nO O O   lsmt(8)")
    ... except seqdsl.SeqError as error:
    ...     for item in error.diagnostics:
    ...         print(item.code, item.span.line, item.span.column, item.severity)
    SEQ301 3 9 error

    Attributes:
        code: a key of `seqdsl.text.codes.CODES`.
        message: what is wrong, in one sentence.
        span: the offending cell or word: its ``line`` and ``column``, from 1, and its ``end``, the column after it.
        hint: how to fix it; empty if the message is enough.
        related: other places the finding speaks of, each with its caption.
        strict: whether a warning counts as an error here.
        edits: what to write instead, where the hint says all of it.
        suggested: what may have been meant, where the hint asks for it: an editor offers it, and `seqdsl format --fix`
            does not write it.
    """

    code: str
    message: str
    span: Span
    hint: str = ""
    related: tuple[tuple[Span, str], ...] = ()
    strict: bool = False
    edits: tuple[Edit, ...] = ()
    suggested: tuple[Edit, ...] = ()

    @property
    def severity(self) -> str:
        """``"error"`` or ``"warning"``, as the catalogue has it unless warnings count as errors."""
        return "error" if self.strict else CODES[self.code].severity

    @property
    def is_error(self) -> bool:
        """Whether the picture is refused for it."""
        return self.severity == "error"

    def follows_from(self, others: Iterable[Diagnostic]) -> bool:
        """Whether one of ``others`` brings this one about, by the catalogue; then it is not reported."""
        causes = CODES[self.code].cascades_from
        return bool(causes) and any(item.code in causes for item in others)


class SeqError(Exception):
    r"""A ``.seq`` text that cannot be compiled: the user's picture, never a fault of seqdsl.

    As text it shows what `seqdsl check` prints: each finding with its rows.

    >>> import seqdsl
    >>> try:
    ...     seqdsl.compile("O O O\n| |  |\nO O O")
    ... except seqdsl.SeqError as error:
    ...     print(str(error).splitlines()[1])
      1 | O O O

    Attributes:
        diagnostics: all findings, in the order of the text.
        source: the text they point into.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], source: Source) -> None:
        """Collect ``diagnostics`` of ``source``."""
        self.diagnostics = tuple(diagnostics)
        self.source = source
        texts = excerpts(self.diagnostics, source, "`diagnostics` of this error has all")
        super().__init__("\n\n".join(texts))


def shown(found: Sequence[_Finding]) -> Sequence[_Finding]:
    """At most `MOST_SHOWN` findings, in their order: errors rather than warnings, and of each the first ones."""
    if len(found) <= MOST_SHOWN:
        return found
    errors_first = sorted(range(len(found)), key=lambda place: found[place].severity != "error")
    return [found[place] for place in sorted(errors_first[:MOST_SHOWN])]


def unshown(found: Sequence[_Severe], where: str) -> str:
    """How many findings `shown` leaves out, and ``where`` they are; empty if it shows all."""
    rest = len(found) - MOST_SHOWN
    return f"and {rest:,} more: {where}" if rest > 0 else ""


def excerpts(found: Sequence[Diagnostic], source: Source, where: str) -> list[str]:
    """The findings of ``source`` that are shown as plain text; then ``where`` the others are, if there are any."""
    texts = [excerpt(item, source) for item in shown(found)]
    rest = unshown(found, where)
    return [*texts, rest] if rest else texts


def excerpt(diagnostic: Diagnostic, source: Source, context: int = 1) -> str:
    """Render ``diagnostic`` as plain text: the rows it concerns, a caret under the cell, the hint.

    Args:
        diagnostic: what to render.
        source: the text it points into.
        context: how many rows to show above and below the offending one.
    """
    span = diagnostic.span
    head = f"{source.name}:{span.line}:{span.column}: {diagnostic.severity}[{diagnostic.code}]"
    parts = [f"{head} {diagnostic.message}", *_rows(span, source.lines, context)]
    for place, caption in diagnostic.related:
        parts += [f"  {caption}:", *_rows(place, source.lines, 0)]
    if diagnostic.hint:
        first, *rest = diagnostic.hint.split("\n")
        parts += [f"  = hint: {first}", *(f"    {line}".rstrip() for line in rest)]
    return "\n".join(parts)


_WIDTH = 120


def _rows(span: Span, lines: list[str], context: int) -> list[str]:
    first = max(1, span.line - context)
    last = min(len(lines), span.line + context)
    # A very long row is shown around the cell only; the caret is then in the middle.
    left = max(0, span.column - 1 - _WIDTH // 2) if span.column > _WIDTH else 0
    gutter = len(str(last))
    shown = []
    for number in range(first, last + 1):
        # A tab would move the caret below it, a control character the terminal's cursor: each is shown as one cell.
        text = lines[number - 1][left : left + _WIDTH].replace("\t", " ")
        text = "".join(char if char.isprintable() else "?" for char in text).rstrip()
        shown.append(f"  {number:>{gutter}} | {text}".rstrip())
        if number == span.line:
            carets = "^" * max(1, min(span.end - span.column, _WIDTH))
            shown.append(f"  {'':>{gutter}} | {' ' * (span.column - 1 - left)}{carets}")
    return shown
