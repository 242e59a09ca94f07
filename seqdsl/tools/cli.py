"""command line → exit code: ``check``, ``generate``, ``verify``.

Only click is imported here: ``--help`` must not wait for what the commands need.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqdsl import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Analysis, Model

CLEAN, PROBLEMS, FAILED = 0, 1, 2
TARGETS = ("keras", "torch")

_paths = click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR|-...")
_format = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print what was found.",
)


class CannotRun(click.ClickException):
    """What keeps a command from running at all."""

    exit_code = FAILED


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="seqdsl")
def cli() -> None:
    """The picture is the program: O-grids become Keras and PyTorch models.

    A .seq file is the picture itself: rows are layers, columns are time steps, wires carry values.

    \b
      seqdsl check examples
      seqdsl generate examples/stacked.seq --to keras
      seqdsl verify examples --to torch

    Exit codes: 0 clean, 1 problems found, 2 could not run.
    """


@cli.command()
@_paths
@_format
@click.pass_context
def check(context: click.Context, paths: tuple[str, ...], form: str) -> None:
    """Parse pictures, infer what they mean and print it.

    \b
      seqdsl check examples/stacked.seq
      seqdsl check examples --format json
      cat picture.seq | seqdsl check -
    """
    analyses = _analyze(paths)
    if form == "json":
        from seqdsl.tools.json_report import report

        click.echo(report(analyses))
    else:
        from seqdsl.tools import terminal

        terminal.show_models(_models(analyses))
        terminal.show_findings(analyses)
        click.echo(_count(analyses))
    context.exit(_exit_code(analyses))


@cli.command()
@click.argument("path", metavar="FILE|-")
@click.option("--to", "target", type=click.Choice(TARGETS), required=True, help="The framework.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write; for several models a folder. Standard output if left out.",
)
@click.pass_context
def generate(context: click.Context, path: str, target: str, output: Path | None) -> None:
    """Write the source of a picture's model.

    \b
      seqdsl generate examples/stacked.seq --to keras
      seqdsl generate examples/stacked.seq --to torch -o model.py
    """
    from seqdsl.tools import terminal

    analyses = _analyze((path,))
    terminal.show_findings(analyses, to_error=True)
    models = _models(analyses)
    if _exit_code(analyses) != CLEAN or not models:
        context.exit(PROBLEMS)
    if len(models) > 1 and (output is None or (output.exists() and not output.is_dir())):
        raise click.UsageError(f"{path} holds {len(models)} models: give a folder with -o")
    _write(models, target, output)


def _write(models: Sequence[Model], target: str, output: Path | None) -> None:
    if output is None:
        click.echo(models[0].source(target), nl=False)
        return
    try:
        if len(models) > 1 or output.is_dir():
            output.mkdir(parents=True, exist_ok=True)
            for model in models:
                file = output / f"{model.name.replace('-', '_')}.py"
                file.write_text(model.source(target), "utf-8")
        else:
            output.write_text(models[0].source(target), "utf-8")
    except OSError as error:
        raise CannotRun(f"{output}: {(error.strerror or str(error)).lower()}") from error


@cli.command()
@_paths
@click.option(
    "--to",
    "targets",
    type=click.Choice(TARGETS),
    multiple=True,
    help="The framework; both if left out.",
)
@_format
@click.option("--timeout", type=click.FloatRange(min=1), default=60.0, show_default=True,
              help="Seconds that a model may take in one framework.")  # fmt: skip
@click.pass_context
def verify(
    context: click.Context,
    paths: tuple[str, ...],
    targets: tuple[str, ...],
    form: str,
    timeout: float,
) -> None:
    """Generate models, instantiate them and hold them against their pictures.

    \b
      seqdsl verify examples
      seqdsl verify picture.seq --to keras --to torch
    """
    from seqdsl.tools import terminal
    from seqdsl.verify.pool import verify as run

    analyses = _analyze(paths)
    models = _models(analyses)
    wanted = list(dict.fromkeys(targets)) or list(TARGETS)
    with terminal.progress(len(models) * len(wanted)) as advance:
        report = run(models, wanted, timeout=timeout, progress=advance)
    if form == "json":
        from seqdsl.tools.json_report import report as as_json

        click.echo(as_json(analyses, report))
    else:
        terminal.show_findings(analyses)
        if models:
            terminal.show_report(models, wanted, report)
        click.echo(
            f"\n{_outcome(len(models), len(wanted), len(report.results), len(report.failures))}"
        )
    if any(item.check == "import" for item in report.failures):
        context.exit(FAILED)
    context.exit(max(_exit_code(analyses), CLEAN if not report.failures else PROBLEMS))


def _outcome(models: int, frameworks: int, checks: int, failures: int) -> str:
    verdict = f"{failures} failed" if failures else "all passed"
    return f"{_plural(models, 'model')}, {_plural(frameworks, 'framework')}, {_plural(checks, 'check')}: {verdict}"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _analyze(paths: Sequence[str]) -> list[Analysis]:
    """Compile every text; what cannot be read ends the run."""
    # Imports make a great many objects, all of which stay: to look for garbage among them, now and once more
    # when Python ends, is a fifth of the time that a small picture takes.
    gc.disable()
    from seqdsl.pipeline import analyze
    from seqdsl.tools.files import Unreadable, read_all

    analyze("")
    gc.freeze()
    gc.enable()

    try:
        return [analyze(text.data, text.name) for text in read_all(paths)]
    except Unreadable as error:
        raise CannotRun(str(error)) from error


def _models(analyses: Sequence[Analysis]) -> list[Model]:
    return [model for analysis in analyses for model in analysis.models]


def _count(analyses: Sequence[Analysis]) -> str:
    found = [item for analysis in analyses for item in analysis.diagnostics]
    errors = sum(item.is_error for item in found)
    warnings = len(found) - errors
    problems = ", ".join(
        _plural(count, noun) for count, noun in ((errors, "error"), (warnings, "warning")) if count
    )
    return f"{_plural(len(_models(analyses)), 'model')}, {problems or 'no problems'}"


def _exit_code(analyses: Sequence[Analysis]) -> int:
    errors = any(item.is_error for analysis in analyses for item in analysis.diagnostics)
    return PROBLEMS if errors else CLEAN


def main() -> None:
    """Run the command line; a reader that goes away is no error."""
    try:
        cli(standalone_mode=True)
    except BrokenPipeError:
        # Python would complain once more when it flushes at its end.
        sys.stdout = None
        sys.exit(CLEAN)
