"""``seqdsl generate``: the source of pictures' models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqdsl.tools.common import (
    CLEAN,
    PROBLEMS,
    TARGETS,
    CannotRun,
    analyze_all,
    exit_code,
    models_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Model


@click.command()
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

    analyses = analyze_all((path,))
    terminal.show_findings(analyses, to_error=True)
    models = models_of(analyses)
    if exit_code(analyses) != CLEAN or not models:
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
