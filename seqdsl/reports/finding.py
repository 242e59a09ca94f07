"""diagnostics and failed results → findings: the same few facts of both, for every format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.pipeline import Analysis
    from seqdsl.text.diagnostics import Diagnostic
    from seqdsl.verify.report import Report, Result


class Finding(NamedTuple):
    """Something to show beside a line of a file.

    Attributes:
        rule: the code of a diagnostic; ``verify/`` and the name of a check.
        severity: ``"error"`` or ``"warning"``.
        title: what it is, in a few words.
        message: what is wrong.
        file: the file, as the command line names it.
        line: from 1.
        column: from 1; 0 if it is the whole line.
        end: the column after the last.
        related: other places, as line, column, end and caption.
    """

    rule: str
    severity: str
    title: str
    message: str
    file: str
    line: int
    column: int = 0
    end: int = 0
    related: tuple[tuple[int, int, int, str], ...] = ()


def findings(analyses: Sequence[Analysis], results: Report | None) -> Iterator[Finding]:
    """All findings, those of the pictures first."""
    for analysis in analyses:
        for item in analysis.diagnostics:
            yield _of_diagnostic(item, analysis.source.name)
    for result in results.failures if results else ():
        yield of_result(result)


def _of_diagnostic(item: Diagnostic, file: str) -> Finding:
    from seqdsl.text.codes import CODES

    message = f"{item.message}\nhint: {item.hint}" if item.hint else item.message
    return Finding(
        item.code,
        item.severity,
        f"{item.code} {CODES[item.code].title}",
        message,
        file,
        item.span.line,
        item.span.column,
        item.span.end,
        tuple((span.line, span.column, span.end, caption) for span, caption in item.related),
    )


def of_result(result: Result) -> Finding:
    """A check that failed, at the first row of its picture."""
    return Finding(
        f"verify/{result.check}",
        "error",
        f"{result.model}, {result.target}: {result.check} failed",
        result.message,
        result.file,
        max(1, result.line),
    )


def relative(file: str) -> str:
    """The file's path with ``/``, from the working folder if it is below it."""
    path = Path(file)
    folder = Path.cwd()
    return (
        path.relative_to(folder) if path.is_absolute() and path.is_relative_to(folder) else path
    ).as_posix()
