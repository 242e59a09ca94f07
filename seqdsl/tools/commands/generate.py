"""``seqdsl generate``: the source of pictures' models."""

from __future__ import annotations

from pathlib import Path

import click

from seqdsl.tools.common import (
    CLEAN,
    PROBLEMS,
    TARGETS,
    analyze_all,
    exit_code,
    models_of,
)
from seqdsl.tools.sources import has_room, write_sources


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
    if not has_room(models, output):
        raise click.UsageError(f"{path} holds {len(models)} models: give a folder with -o")
    write_sources(models, target, output)
