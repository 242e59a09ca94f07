"""a cell's name → the cell, and its drawing: built-in cells by their names, those of a file by ``--cell``."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import click

from seqdsl.cli.common import CLEAN, PROBLEMS, analyze_all, exit_code
from seqdsl.cli.drawings import drawn_as, form_of, print_drawing
from seqdsl.cli.sources import write_all
from seqdsl.cli.writing import refuse_overwrite
from seqdsl.ir.cells import built_in

if TYPE_CHECKING:
    from seqdsl.cells.cell import Cell
    from seqdsl.cli.sources import Destination
    from seqdsl.draw.options import Options


def is_cell(subject: str) -> bool:
    """Whether a built-in cell is meant: a file that is called ``lstm`` is a file."""
    return subject in built_in() and not os.path.exists(subject)


def find_cell(context: click.Context, path: str, name: str | None) -> Cell:
    """The cell of a name in a file; the built-in one at ``path`` without a name.

    The findings of a file with errors are shown, and the run ends.

    Raises:
        click.UsageError: the file has no cell of that name, or there is no file.
    """
    if name is None:
        return built_in()[path]
    if is_cell(path):
        raise click.UsageError(f"{path} is a built-in cell: --cell needs a file")
    return _declared(context, path, name)


def _declared(context: click.Context, path: str, name: str) -> Cell:
    from seqdsl.cli import terminal
    from seqdsl.lowering.declared_cells import declared_cells

    analyses = analyze_all((path,))
    terminal.show_findings(analyses, to_error=True)
    if exit_code(analyses) != CLEAN:
        context.exit(PROBLEMS)
    # All cells of the file, whether or not its pictures use them; of one with mistakes there is none.
    cells = {
        key: kind.cell
        for analysis in analyses
        for key, kind in declared_cells(analysis.document.cells).items()
        if kind is not None
    }
    if name not in cells:
        choice = f"choose from {', '.join(cells)}" if cells else "it has none"
        raise click.UsageError(f"{path} has no cell {name!r}: {choice}")
    return cells[name]


def draw_cell(
    cell: Cell, path: str, output: Destination | None, form: str | None, options: Options
) -> None:
    """Draw a cell to a file, a folder or standard output, and say which file was written.

    Args:
        cell: the cell.
        path: the file that it was read from, which is not overwritten.
        output: what ``-o`` names; ``None``: standard output.
        form: the form; that of the file's ending if left out, or else SVG.
        options: how to draw.
    """
    from seqdsl.draw.cells import draw_cell as draw

    if output is None:
        print_drawing(partial(draw, cell, options=options), form or "svg")
        return
    # -o drawings/ is a folder, as it is for a model: drawings/lstm.svg
    wanted = form or ("svg" if output.is_folder else form_of(output.path))
    file = output.path / f"{cell.name}.{wanted}" if output.is_folder else output.path
    refuse_overwrite([path], [file])
    drawn = drawn_as(partial(draw, cell, options=options), wanted)
    write_all({file: drawn}, make_folder=True)
