"""text → terminal: rich tables and colours on a terminal, plain text in a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from seqdsl.reports import summary
from seqdsl.text.codes import CODES
from seqdsl.text.diagnostics import ALL_AS_JSON, excerpt, shown, unshown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.pipeline import Analysis
    from seqdsl.verify.report import Progress, Report


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether people look at a stream (standard output) as it is written; ``--color always`` says that they do."""
    context = click.get_current_context(silent=True)
    return (stream or sys.stdout).isatty() or (context is not None and context.color is True)


def show_findings(
    analyses: Sequence[Analysis], *, to_error: bool = False, why: bool = False
) -> None:
    """Print the findings with the rows they concern; on request with what each code means, once for each.

    Of a text with a great many the first thousand are printed, errors rather than warnings.
    """
    stream = sys.stderr if to_error else sys.stdout
    told = set()
    for analysis in analyses:
        for item in shown(analysis.diagnostics):
            text = excerpt(item, analysis.source)
            if why and item.code not in told:
                text += f"\n  = why: {CODES[item.code].why}"
            told.add(item.code)
            if is_terminal(stream):
                head, _, rest = text.partition("\n")
                style = "bold red" if item.is_error else "bold yellow"
                console = _console(stderr=to_error)
                console.print(head, style=style, markup=False, highlight=False, soft_wrap=True)
                console.print(rest, markup=False, highlight=False, soft_wrap=True)
            else:
                print(text, file=stream)
            print(file=stream)
        if rest := unshown(analysis.diagnostics, ALL_AS_JSON):
            print(f"{rest}\n", file=stream)


def show_explanations(texts: Sequence[str]) -> None:
    """Print explanations, their headings in bold on a terminal."""
    for number, text in enumerate(texts):
        if number:
            print()
        if not is_terminal():
            print(text, end="")
            continue
        for place, line in enumerate(text.splitlines()):
            is_heading = place == 0 or (line.endswith(":") and not line.startswith(" "))
            style = "bold" if is_heading else None
            _console().print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def show_models(models: Sequence[CompiledModel]) -> None:
    """Print what was inferred of each model."""
    for model in models:
        if is_terminal():
            _show_table(model)
        else:
            print(summary.plain(model), end="\n\n")


def _show_table(model: CompiledModel) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(summary.headline(model)), title_justify="left", show_header=False)
    for role, name, facts in summary.rows(model):
        table.add_row(Text(role, style="dim"), Text(name, style="bold"), Text(facts))
    _console().print(table)


def _plain_outcomes(rows: Sequence[Sequence[str]]) -> None:
    """Print a table in columns that are as wide as what stands in them."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def show_report(models: Sequence[CompiledModel], targets: Sequence[str], report: Report) -> None:
    """Print a table of all models, and a reason for each failure."""
    table = [_outcome(model, targets, report) for model in models]
    head = ("model", "topology", *targets)
    if is_terminal():
        _rich_outcomes(head, table)
    else:
        _plain_outcomes([head, *table])
    notes = {(item.file, item.line, item.model, item.check, item.message) for item in report.notes}
    for file, line, model, check, message in sorted(notes):
        print(f"\n{file}:{line}: note: {model}: {check}: {message}")
    for item in report.failures:
        place = f"{item.file}:{item.line}" if item.line else item.file
        print(
            f"\n{place}: {item.model}, {item.target}: {item.check} failed\n  {_indented(item.message)}"
        )


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


def _outcome(model: CompiledModel, targets: Sequence[str], report: Report) -> tuple[str, ...]:
    cells = []
    for target in targets:
        results = report.of(model.name, target, model.file, model.lines[0])
        failed = [item.check for item in results if not item.passed]
        cells.append(f"failed: {', '.join(failed)}" if failed else f"{len(results)} checks passed")
    return (model.name, model.topology, *cells)


def _rich_outcomes(head: Sequence[str], table: Sequence[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    found = Table(*head)
    for row in table:
        cells = [Text(cell, style="red" if cell.startswith("failed") else "") for cell in row]
        found.add_row(*cells)
    _console().print(found)


@contextmanager
def progress(total: int) -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar on a terminal; nothing in a pipe."""
    if not (is_terminal() and sys.stderr.isatty()):
        yield None
        return
    from rich.progress import Progress as Bar

    with Bar(console=_console(stderr=True), transient=True) as bar:
        task = bar.add_task("verifying", total=total)

        def advance(item: Progress) -> None:
            bar.update(task, completed=item.done, description=f"{item.model} ({item.target})")

        yield advance


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    # What `--color` says is in click's context; without it rich itself respects NO_COLOR.
    context = click.get_current_context(silent=True)
    color = context.color if context is not None else None
    if color is None:
        return Console(stderr=stderr)
    return Console(
        stderr=stderr,
        force_terminal=color or None,
        color_system="standard" if color else None,
        no_color=not color,
    )
