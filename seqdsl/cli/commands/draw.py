"""``seqdsl draw``: pictures as people draw them in papers, and in other tools' languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqdsl.cli.common import CLEAN, PROBLEMS, CannotRun, analyze_all, exit_code, models_of
from seqdsl.cli.parameters import file_argument
from seqdsl.cli.sources import (
    Destination,
    chosen,
    model_option,
    output_option,
    places,
    too_many,
    write_all,
)

if TYPE_CHECKING:
    from seqdsl.draw.themes import ThemeName
    from seqdsl.lowering.compiled import CompiledModel

FORMS = ("svg", "png", "dot", "mmd", "txt")
_STANDARD_OUTPUT = Path("-")


@click.command()
@file_argument
@output_option
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="Output format (default: from the output file's suffix, else svg).",
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="Color theme of svg and png; auto follows the reader's system in svg, and is light in png.",
)
@model_option
@click.pass_context
def draw(
    context: click.Context,
    path: str,
    output: Destination | None,
    form: str | None,
    theme: ThemeName,
    name: str | None,
) -> None:
    """Draw a picture as a diagram with its layers and shapes.

    svg and png are drawings; dot (Graphviz) and mmd (Mermaid) are diagrams for other tools; txt is the picture itself.

    \b
      seqdsl draw examples/stacked.seq -o stacked.svg
      seqdsl draw examples/stacked.seq -o stacked.png --theme dark
      seqdsl draw examples/karpathy-five.seq -o drawings
      cat picture.seq | seqdsl draw - --format mmd
    """
    from seqdsl.cli import terminal

    analyses = analyze_all((path,))
    terminal.show_findings(analyses, to_error=True)
    models = models_of(analyses)
    if exit_code(analyses) != CLEAN or not models:
        context.exit(PROBLEMS)
    models = chosen(models, name, path)
    if output is None or output.path == _STANDARD_OUTPUT:
        if len(models) > 1:
            raise click.UsageError(too_many(models, path))
        _print(models[0], form or "svg", theme)
        return
    wanted = form or ("svg" if output.is_folder_for(models) else _form_of(output.path))
    files = places(models, output, path, lambda model: f"{model.name}.{wanted}")
    drawn = {file: _drawn(model, wanted, theme) for file, model in files.items()}
    # All are drawn before the first is written; and unlike a source, a drawing makes the folder of its file.
    write_all(drawn, make_folder=True)


def _form_of(output: Path) -> str:
    """The form that the ending of a file asks for."""
    ending = output.suffix.lower().removeprefix(".")
    if ending not in FORMS:
        raise click.UsageError(
            f"cannot tell the format from {output}: use one of the suffixes "
            f"{', '.join(f'.{item}' for item in FORMS)}, or give --format"
        )
    return ending


def _print(model: CompiledModel, form: str, theme: ThemeName) -> None:
    from seqdsl.cli import terminal

    # In a pipe it may go on to another program.
    if form == "png" and terminal.is_terminal():
        raise click.UsageError("png cannot be printed to a terminal: write it to a file with -o")
    click.echo(_drawn(model, form, theme), nl=False)


def _drawn(model: CompiledModel, form: str, theme: ThemeName) -> bytes:
    from seqdsl.draw import draw as draw_model
    from seqdsl.draw.png import CannotRender

    try:
        drawn = draw_model(model, form, theme)
    except (ImportError, CannotRender) as error:
        raise CannotRun(str(error)) from error
    return drawn.encode() if isinstance(drawn, str) else drawn
