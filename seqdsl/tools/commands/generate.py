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
    if len(models) > 1 and (output is None or (output.exists() and not output.is_dir())):
        raise click.UsageError(f"{path} holds {len(models)} models: give a folder with -o")
    if output is None:
        click.echo(models[0].source(target), nl=False)
        return
    sources = _sources(models, target, output)
    if not check:
        _write(sources)
        return
    stale = [file for file, source in sources.items() if _show_difference(file, source)]
    context.exit(PROBLEMS if stale else CLEAN)


def _sources(models: Sequence[Model], target: str, output: Path) -> dict[Path, str]:
    """The source of each model, by the file it goes to."""
    if len(models) == 1 and not output.is_dir():
        return {output: models[0].source(target)}
    found: dict[Path, str] = {}
    for model in models:
        file = output / f"{model.name.replace('-', '_')}.py"
        if file in found:
            raise CannotRun(f"{model.file} holds two models for {file}: give them other names")
        found[file] = model.source(target)
    return found


def _write(sources: dict[Path, str]) -> None:
    for file, source in sources.items():
        try:
            if len(sources) > 1:
                file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source, "utf-8")
        except OSError as error:
            raise CannotRun(f"{file}: {(error.strerror or str(error)).lower()}") from error


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
