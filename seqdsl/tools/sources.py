"""compiled models → files: where ``-o`` says the generated source goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from seqdsl.tools.common import CannotRun

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seqdsl.pipeline import Model


def has_room(models: Sequence[Model], output: Path | None) -> bool:
    """Whether the sources fit there: several models take a folder."""
    return len(models) <= 1 or (output is not None and (output.is_dir() or not output.exists()))


def write_sources(models: Sequence[Model], target: str, output: Path | None) -> None:
    """Write the source of every model to a file, a folder or standard output.

    Raises:
        CannotRun: it cannot be written there.
    """
    if output is None:
        click.echo(models[0].source(target), nl=False)
        return
    sources = sources_of(models, target, output)
    for file, source in sources.items():
        try:
            if len(sources) > 1:
                file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source, "utf-8")
        except OSError as error:
            raise CannotRun(f"{file}: {(error.strerror or str(error)).lower()}") from error


def sources_of(models: Sequence[Model], target: str, output: Path) -> dict[Path, str]:
    """The source of each model, by the file it goes to.

    Raises:
        CannotRun: two would go to one file.
    """
    if len(models) == 1 and not output.is_dir():
        return {output: models[0].source(target)}
    found: dict[Path, str] = {}
    for model in models:
        file = output / f"{model.name.replace('-', '_')}.py"
        if file in found:
            raise CannotRun(f"{model.file} holds two models for {file}: give them other names")
        found[file] = model.source(target)
    return found
