"""``seqdsl watch``: check a picture on every save."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
from click.core import ParameterSource

from seqdsl.cli.common import CLEAN, CannotRun, Seconds, count, exit_code, prepared
from seqdsl.cli.faults import guarded
from seqdsl.cli.logits import giving_logits, logits_option
from seqdsl.cli.sources import (
    Destination,
    chosen,
    model_option,
    output_option,
    without_called,
    write_sources,
)
from seqdsl.cli.target_name import TARGET_NAME
from seqdsl.cli.watching import INTERVAL, versions
from seqdsl.cli.writing import refuse_overwrite

if TYPE_CHECKING:
    from seqdsl.pipeline import Analysis


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--to", "target", type=TARGET_NAME, help="Also generate the source for this framework."
)
@output_option
@model_option
@logits_option
@click.option(
    "--interval",
    type=Seconds(min=0.01, max=60),
    default=INTERVAL,
    show_default=True,
    help="Polling interval in seconds.",
)
@click.pass_context
def watch(  # noqa: PLR0913, PLR0917 - what the options say
    context: click.Context,
    path: Path,
    target: str | None,
    output: Destination | None,
    name: str | None,
    logits: bool,
    interval: float,
) -> None:
    """Check a picture, and generate its source, on every save.

    Press Ctrl-C to stop. If a picture has errors, they are shown, and the source that was written last is kept.

    \b
      seqdsl watch picture.seq
      seqdsl watch picture.seq --to torch -o model.py
    """
    # `-o -` is given, too, and names no file.
    is_given = context.get_parameter_source("output") is not ParameterSource.DEFAULT
    if is_given and target is None:
        raise click.UsageError("-o needs --to: the framework to generate the source for")
    if logits and target is None:
        raise click.UsageError("--logits needs --to: the framework to generate the source for")
    if not os.path.isfile(path):
        why = "not a file" if os.path.exists(path) else "no such file or directory"
        raise CannotRun(f"{path}: {why}")
    if output is not None:
        refuse_overwrite([str(path)], [output.path])
    try:
        prepared()
        for data in versions(path, interval):
            _clear()
            with guarded(str(path)):
                _round(path, data, _Wanted(target, output, name, logits))
            click.echo(f"watching {path}; press Ctrl-C to stop", err=True)
    # Ctrl-C is the way to end it, not a failure.
    except KeyboardInterrupt:
        context.exit(CLEAN)


def _clear() -> None:
    from seqdsl.cli import terminal

    if terminal.is_terminal():
        click.clear()


class _Wanted(NamedTuple):
    """What is written on every save, as the options of these names say."""

    target: str | None
    output: Destination | None
    name: str | None
    logits: bool


def _round(path: Path, data: bytes | None, wanted: _Wanted) -> None:
    """Check one version of the file, and write its source if it has no errors."""
    from seqdsl.cli import terminal
    from seqdsl.pipeline import analyze

    if data is None:
        click.echo(f"{path} not found; waiting")
        return
    analysis = analyze(data, str(path))
    terminal.show_models(analysis.models)
    terminal.show_findings([analysis])
    click.echo(count([analysis]))
    if wanted.target is not None and analysis.models and exit_code([analysis]) == CLEAN:
        _generate(path, analysis, wanted.target, wanted)


def _generate(path: Path, analysis: Analysis, target: str, wanted: _Wanted) -> None:
    """Write the source; what keeps it from being written is printed, and the watch goes on."""
    if wanted.output is None:
        click.echo()
    try:
        models = without_called(chosen(analysis.models, wanted.name, str(path)), wanted.output)
        models = giving_logits(models) if wanted.logits else models
        write_sources(models, target, wanted.output, str(path))
    except click.ClickException as error:
        click.echo(error.message)
