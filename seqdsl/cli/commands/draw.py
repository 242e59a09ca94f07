"""``seqdsl draw``: pictures as people draw them in papers, and in other tools' languages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from seqdsl.cli.cells import draw_cell, find_cell, is_cell
from seqdsl.cli.common import CLEAN, PROBLEMS, analyze_all, exit_code, models_of
from seqdsl.cli.drawings import FORMS, drawn_as, form_of, print_drawing
from seqdsl.cli.free_run import as_run, free_run_option
from seqdsl.cli.model_texts import model_options
from seqdsl.cli.parameters import file_argument
from seqdsl.cli.sources import (
    Destination,
    chosen,
    model_option,
    output_option,
    places,
    too_many,
    without_called,
    write_all,
)
from seqdsl.lowering.compiled import uncalled

if TYPE_CHECKING:
    from seqdsl.draw.density import Fit
    from seqdsl.draw.options import Options
    from seqdsl.draw.themes import ThemeName


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
    help="Color theme of svg, png and pdf; auto follows the reader's system in svg, and is light elsewhere.",
)
@click.option(
    "--title", metavar="TEXT", help="The title above the drawing (default: the model's name)."
)
@click.option("--no-title", is_flag=True, help="Draw neither title nor topology.")
@click.option(
    "--scale",
    type=float,
    metavar="N",
    help="Size of svg and pdf, pixels of png for each of svg (default: 1; 2 for png).",
)
@click.option("--transparent", is_flag=True, help="No background in svg, png or pdf.")
@click.option(
    "--fit",
    type=click.Choice(["column", "page"]),
    default="column",
    show_default=True,
    help="Labels of svg, png and pdf are at least 6 pt in a column (3.4 in) or page (7 in) of a paper.",
)
@click.option(
    "--expand",
    is_flag=True,
    help="Draw the pictures that the model calls as well, each once under its name.",
)
@free_run_option
@model_option
@click.option("--cell", "cell_name", metavar="NAME", help="Draw this cell of the file.")
@model_options
@click.pass_context
def draw(  # noqa: PLR0913, PLR0917 - each option is an argument
    context: click.Context,
    path: str,
    output: Destination | None,
    form: str | None,
    theme: ThemeName,
    title: str | None,
    no_title: bool,
    scale: float | None,
    transparent: bool,
    fit: Fit,
    expand: bool,
    free_run: bool,
    name: str | None,
    cell_name: str | None,
) -> None:
    """Draw a picture as a diagram with its layers and shapes, or a cell with its gates.

    svg, png and pdf are drawings; dot (Graphviz) and mmd (Mermaid) are diagrams for other tools; txt is the picture
    itself. lstm, gru and rnn are drawn as the equations of one step, and so is a cell of a file with --cell.

    \b
      seqdsl draw examples/stacked.seq -o stacked.svg
      seqdsl draw examples/stacked.seq -o stacked.png --theme dark --scale 3
      seqdsl draw examples/stacked.seq -o stacked.pdf --no-title --transparent
      seqdsl draw examples/translation.seq -o translation.pdf --fit page
      seqdsl draw examples/karpathy-five.seq -o drawings
      seqdsl draw examples/hierarchical-attention.seq --expand -o hierarchical.svg
      seqdsl draw examples/translation.seq --free-run --format txt
      cat picture.seq | seqdsl draw - --format mmd
      seqdsl draw lstm -o lstm.svg
      seqdsl draw examples/lstm-peephole.seq --cell peephole -o peephole.pdf
    """
    from seqdsl.cli import terminal
    from seqdsl.draw import draw as draw_model

    options = _options(theme, _title(title, no_title), scale, transparent, fit, expand)
    if cell_name is not None or is_cell(path):
        _refuse_for_cells(free_run, name)
        draw_cell(find_cell(context, path, cell_name), path, output, form, options)
        return
    analyses = as_run(analyze_all((path,)), free_run=free_run)
    terminal.show_findings(analyses, to_error=True)
    models = models_of(analyses)
    if exit_code(analyses) != CLEAN or not models:
        context.exit(PROBLEMS)
    models = chosen(models, name, path)
    if name is None:
        # Opened, what is called is drawn with its caller, also where there is a folder for all.
        models = uncalled(models) if expand else without_called(models, output)
    if output is None:
        if len(models) > 1:
            raise click.UsageError(too_many(models, path))
        print_drawing(partial(draw_model, models[0], options=options), form or "svg")
        return
    wanted = form or ("svg" if output.is_folder_for(models) else form_of(output.path))
    files = places(models, output, path, lambda model: f"{model.name}.{wanted}")
    drawn = {
        file: drawn_as(partial(draw_model, model, options=options), wanted)
        for file, model in files.items()
    }
    write_all(drawn, make_folder=True)


def _title(title: str | None, no_title: bool) -> str | None:
    """What stands above the drawing; nothing if empty, the model's name if ``None``."""
    if no_title and title is not None:
        raise click.UsageError("give --title or --no-title, not both")
    return "" if no_title else title


def _refuse_for_cells(free_run: bool, name: str | None) -> None:
    """A cell is one step: nothing of it runs freely, and no model of the file is meant."""
    for option, given in (("--free-run", free_run), ("--model", name is not None)):
        if given:
            raise click.UsageError(f"{option} is not for cells, but for models")


def _options(
    theme: ThemeName,
    title: str | None,
    scale: float | None,
    transparent: bool,
    fit: Fit,
    expand: bool,
) -> Options:
    from seqdsl.draw.errors import UnfitOption
    from seqdsl.draw.options import Options

    try:
        return Options(theme, title, scale, transparent, fit, expand)
    except UnfitOption as error:
        raise click.UsageError(str(error)) from error
