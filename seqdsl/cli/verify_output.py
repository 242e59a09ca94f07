"""results as they come in → terminal: a progress bar, or in a pipe a line for each model; reasons at the end."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from textwrap import indent
from typing import TYPE_CHECKING

from seqdsl.cli.common import plural
from seqdsl.cli.terminal import console, is_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.verify.report import Progress, Report, Result

    Key = tuple[str, int, str]

_CELL = len("8 checks passed")


class Lines:
    """A line for each model, printed as soon as it and all models before it are finished in all targets.

    ::

        model         topology     keras            torch
        vanilla-lstm  many-to-one  8 checks passed  8 checks passed
    """

    def __init__(self, models: Sequence[CompiledModel], targets: Sequence[str]) -> None:
        """Print the heads of the columns."""
        self._models, self._targets = models, targets
        self._results: dict[Key, list[Result]] = {}
        self._finished: dict[Key, int] = {}
        self._printed = 0
        self._widths = [
            max(len("model"), *(len(model.name) for model in models)),
            max(len("topology"), *(len(model.topology) for model in models)),
            *(max(_CELL, len(target)) for target in targets),
        ]
        self._print(("model", "topology", *targets))

    def advance(self, item: Progress) -> None:
        """Take the results of a model in one target."""
        key = (item.file, item.results[0].line if item.results else 0, item.model)
        self._results.setdefault(key, []).extend(item.results)
        self._finished[key] = self._finished.get(key, 0) + 1
        # Models a b c, finished in the order b a c: nothing is printed for b, then a and b, then c.
        while self._printed < len(self._models) and self._finished.get(
            _key(self._models[self._printed]), 0
        ) == len(self._targets):
            from seqdsl.verify.compare import compare
            from seqdsl.verify.report import Report

            # Whether frameworks agree can be said when the last of them is there.
            results = compare(self._results.pop(_key(self._models[self._printed])))
            self._print_model(self._models[self._printed], Report(tuple(results)))

    def finish(self, report: Report) -> None:
        """Print the lines of the models that were not tried, such as those that were verified before."""
        for model in self._models[self._printed :]:
            self._print_model(model, report)

    def _print_model(self, model: CompiledModel, report: Report) -> None:
        self._print(_outcome(model, self._targets, report))
        self._printed += 1

    def _print(self, row: Sequence[str]) -> None:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, self._widths, strict=True))
        # A pipe is read while it is written: `verify` may take minutes.
        print("  ".join(cells).rstrip(), flush=True)


def _key(model: CompiledModel) -> Key:
    return (model.file, model.lines[0], model.name)


def _outcome(model: CompiledModel, targets: Sequence[str], report: Report) -> tuple[str, ...]:
    cells = []
    for target in targets:
        results = report.of(model.name, target, model.file, model.lines[0])
        failed = [item.check for item in results if not item.passed]
        cells.append(f"failed: {', '.join(failed)}" if failed else f"{len(results)} checks passed")
    return (model.name, model.topology, *cells)


@contextmanager
def watched(
    models: Sequence[CompiledModel], targets: Sequence[str], lines: Lines | None
) -> Iterator[Callable[[Progress], None] | None]:
    """What is called with each result: lines if they are asked for, a bar on a terminal, else nothing."""
    if lines is not None:
        yield lines.advance
    elif is_terminal() and sys.stderr.isatty():
        with _bar(len(models) * len(targets), targets) as advance:
            yield advance
    else:
        yield None


@contextmanager
def _bar(total: int, targets: Sequence[str]) -> Iterator[Callable[[Progress], None]]:
    from rich.progress import Progress as Bar

    from seqdsl.targets import find

    titles = ", ".join(find(target).title for target in targets)
    with Bar(console=console(stderr=True), transient=True) as bar:
        # The first import of a framework takes longer than all that follows, and looks like a hang.
        task = bar.add_task(f"importing {titles}", total=total)

        def advance(item: Progress) -> None:
            bar.update(task, completed=item.done, description=f"{item.model} ({item.target})")

        yield advance


def show_table(models: Sequence[CompiledModel], targets: Sequence[str], report: Report) -> None:
    """Print a table of all models, on a terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table("model", "topology", *targets)
    for model in models:
        row = _outcome(model, targets, report)
        cells = [Text(cell, style="red" if cell.startswith("failed") else "") for cell in row]
        table.add_row(*cells)
    console().print(table)


def show_reasons(report: Report) -> None:
    """Print what could not be tried, and a reason for each failure."""
    notes = {(item.file, item.line, item.model, item.check, item.message) for item in report.notes}
    for file, line, model, check, message in sorted(notes):
        print(f"\n{file}:{line}: note: {model}: {check}: {message}")
    for item in report.failures:
        place = f"{item.file}:{item.line}" if item.line else item.file
        print(f"\n{place}: {item.model}, {item.target}: {item.check} failed")
        print(indent(item.message, "  "))


def verdict(models: Sequence[CompiledModel], targets: Sequence[str], report: Report) -> str:
    """What a run came to, in a line: ``2 models, 1 framework, 16 checks: all passed``."""
    if not report.results:
        return "nothing was verified"
    result = f"{len(report.failures)} failed" if report.failures else "all passed"
    cached = len({(item.file, item.line, item.model) for item in report.results if item.cached})
    skipped = f" ({plural(cached, 'model')} verified before)" if cached else ""
    numbers = (
        plural(len(models), "model"),
        plural(len(targets), "framework"),
        plural(len(report.results), "check"),
    )
    return f"{', '.join(numbers)}: {result}{skipped}"
