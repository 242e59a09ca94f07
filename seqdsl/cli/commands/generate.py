"""``seqdsl generate``: the source of pictures' models."""

from __future__ import annotations

import os
from pathlib import Path

import click

from seqdsl.cli.common import (
    CLEAN,
    PROBLEMS,
    CannotRun,
    analyze_all,
    exit_code,
    models_of,
)
from seqdsl.cli.logits import giving_logits, logits_option
from seqdsl.cli.parameters import file_argument
from seqdsl.cli.sources import (
    Destination,
    chosen,
    model_option,
    module_name,
    output_option,
    places,
    without_called,
    write_sources,
)
from seqdsl.cli.target_name import TARGET_NAME
from seqdsl.project.files import reason
from seqdsl.targets import source


@click.command()
@file_argument
@click.option("--to", "target", type=TARGET_NAME, required=True, help="The framework.")
@output_option
@model_option
@logits_option
@click.option(
    "--check",
    is_flag=True,
    help="Do not write; print a diff, and exit 1 if the file is out of date.",
)
@click.pass_context
def generate(  # noqa: PLR0913, PLR0917 - what the options say
    context: click.Context,
    path: str,
    target: str,
    output: Destination | None,
    name: str | None,
    logits: bool,
    check: bool,
) -> None:
    """Generate the source of a picture's model.

    \b
      seqdsl generate examples/stacked.seq --to keras
      seqdsl generate examples/stacked.seq --to torch -o model.py
      seqdsl generate examples/text-cnn.seq --to torch --logits
      seqdsl generate examples/stacked.seq --to torch -o model.py --check
      seqdsl generate examples/karpathy-five.seq --to torch -o models/
      seqdsl generate examples/karpathy-five.seq --to torch --model karpathy-many-to-one
    """
    if check and output is None:
        raise click.UsageError("--check needs the file to compare with: pass it with -o")
    from seqdsl.cli import terminal

    analyses = analyze_all((path,))
    terminal.show_findings(analyses, to_error=True)
    models = models_of(analyses)
    if exit_code(analyses) != CLEAN or not models:
        context.exit(PROBLEMS)
    models = without_called(chosen(models, name, path), output)
    models = giving_logits(models) if logits else models
    if output is None or not check:
        write_sources(models, target, output, path)
        return
    # A list, as `any` would stop at the first that differs: each is shown.
    files = places(models, output, path, module_name)
    stale = [
        file for file, model in files.items() if _show_difference(file, source(model.spec, target))
    ]
    context.exit(PROBLEMS if stale else CLEAN)


def _show_difference(file: Path, generated: str) -> bool:
    """Print what has to change in ``file``; whether anything has."""
    exists = os.path.exists(file)
    try:
        there = file.read_text("utf-8") if exists else ""
    except OSError as error:
        raise CannotRun(f"{file}: {reason(error)}") from error
    except UnicodeDecodeError as error:
        raise CannotRun(f"{file}: not valid UTF-8") from error
    if there == generated:
        return False
    from seqdsl.reports.unified_diff import unified_diff

    # A file that is not there yet is shown as git shows a new one.
    names = (str(file) if exists else "/dev/null", f"{file} (generated)")
    lines = unified_diff(there, generated, *names)
    click.echo("".join(lines), nl=False)
    return True
