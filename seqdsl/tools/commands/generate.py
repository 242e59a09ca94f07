"""``seqdsl generate``: the source of pictures' models."""

from __future__ import annotations

from pathlib import Path

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
from seqdsl.tools.sources import has_room, sources_of, write_sources


@click.command()
@click.argument("path", metavar="FILE|-")
@click.option("--to", "target", type=click.Choice(TARGETS), required=True, help="The framework.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Where to write; for several models a folder. Standard output if left out.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; show how what stands there differs, with exit code 1 if it does.",
)
@click.pass_context
def generate(
    context: click.Context, path: str, target: str, output: Path | None, check: bool
) -> None:
    """Write the source of a picture's model.

    \b
      seqdsl generate examples/stacked.seq --to keras
      seqdsl generate examples/stacked.seq --to torch -o model.py
      seqdsl generate examples/stacked.seq --to torch -o model.py --check
    """
    if check and output is None:
        raise click.UsageError("--check compares with a file: give it with -o")
    from seqdsl.tools import terminal

    analyses = analyze_all((path,))
    terminal.show_findings(analyses, to_error=True)
    models = models_of(analyses)
    if exit_code(analyses) != CLEAN or not models:
        context.exit(PROBLEMS)
    if not has_room(models, output):
        raise click.UsageError(f"{path} holds {len(models)} models: give a folder with -o")
    if output is None or not check:
        write_sources(models, target, output)
        return
    sources = sources_of(models, target, output)
    stale = [file for file, source in sources.items() if _show_difference(file, source)]
    context.exit(PROBLEMS if stale else CLEAN)


def _show_difference(file: Path, source: str) -> bool:
    """Print what has to change in ``file``; whether anything has."""
    try:
        there = file.read_text("utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRun(f"{file}: {error}") from error
    if there == source:
        return False
    from difflib import unified_diff

    names = (str(file) if file.exists() else "/dev/null", f"{file} (generated)")
    lines = unified_diff(there.splitlines(True), source.splitlines(True), *names)
    click.echo("".join(lines), nl=False)
    return True
