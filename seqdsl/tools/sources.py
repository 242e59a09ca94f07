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
