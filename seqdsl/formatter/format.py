"""text → canonical text: the map of the formatter, and the check that the meaning stayed.

A picture whose canonical form did not compile to the same model keeps its columns; that no example and no
random picture needs this is what the tests are for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from seqdsl.formatter.draw import plain, redraw
from seqdsl.formatter.lines import layout
from seqdsl.formatter.meaning import meaning
from seqdsl.pipeline import analyze
from seqdsl.syntax.detab import without_tabs
from seqdsl.syntax.document import parse
from seqdsl.syntax.names import model_name
from seqdsl.syntax.reader import read
from seqdsl.text.codes import CODES, Remedy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.pipeline import Analysis
    from seqdsl.syntax.ast import Document, Row
    from seqdsl.text.source import Source

    Draw = Callable[[Sequence[Row]], list[str]]

_ROUNDS = 4
_OFF_LINE = re.compile(r"^[ \t]*#[ \t]*fmt:[ \t]*off\b", re.MULTILINE)


@dataclass(frozen=True)
class Formatted:
    """A text and its canonical form.

    Attributes:
        text: the canonical form; ``None`` if the text is to be left alone.
        analysis: what the text came to.
        is_off: whether it is to be left alone because it says so, rather than for its errors.
    """

    text: str | None
    analysis: Analysis
    is_off: bool = False


def format_text(data: str | bytes, name: str = "model.seq") -> Formatted:
    """The canonical form of a ``.seq`` text; it compiles to the same models with the same findings.

    A text with the line ``# fmt: off`` is left alone.

    Args:
        data: a text, or its bytes in UTF-8.
        name: what messages call it; its stem names a model that has no name of its own.
    """
    analysis = analyze(data, name)
    text = analysis.source.text
    if _OFF_LINE.search(text):
        return Formatted(None, analysis, is_off=True)
    if any(CODES[item.code].remedy is Remedy.EXPAND_TABS for item in analysis.diagnostics):
        text = without_tabs(text)
        blanks = analyze(text, name)
        analysis = analysis if _has_errors(blanks) else blanks
    if _has_errors(analysis):
        return Formatted(None, analysis)
    meant = meaning(analysis)
    for form in (_settled, _tidied):
        candidate = form(analysis.source, analysis.document)
        if candidate == text or (
            candidate is not None and meaning(analyze(candidate, name)) == meant
        ):
            return Formatted(candidate, analysis)
    raise AssertionError(f"{name}: formatting would change what it means")


def _has_errors(analysis: Analysis) -> bool:
    return any(item.is_error for item in analysis.diagnostics)


def _settled(source: Source, document: Document) -> str | None:
    """The form that stays as it is when it is formatted again; ``None`` if there is none."""
    for _ in range(_ROUNDS):
        drawn = _layout(source, document, redraw)
        if drawn == source.text:
            return drawn
        source, _ = read(drawn, source.name)
        document, _ = parse(source, model_name(PurePath(source.name).stem))
    return None


def _tidied(source: Source, document: Document) -> str:
    """The form with the columns as they are."""
    return _layout(source, document, plain)


def _layout(source: Source, document: Document, draw: Draw) -> str:
    return layout(source.lines, document.lines, document.pictures, document.cells, draw)
