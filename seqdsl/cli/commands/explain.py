"""``seqdsl explain``: what a code means, or what was inferred of pictures and why."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click

from seqdsl.cells.text import cell_text
from seqdsl.cli.cells import is_cell
from seqdsl.cli.common import PROBLEMS, analyze_all, color_option, exit_code, models_of
from seqdsl.cli.free_run import as_run, free_run_option
from seqdsl.cli.model_texts import model_options
from seqdsl.cli.parameters import CodeOrFile
from seqdsl.ir.cells import built_in
from seqdsl.targets import write_trained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.compiled import CompiledModel

_CODE = re.compile(r"SEQ\w*", re.IGNORECASE)


@click.command()
@click.argument(
    "subjects", nargs=-1, required=True, type=CodeOrFile(), metavar="CODE|CELL|FILE|DIR|-..."
)
@free_run_option
@color_option
@model_options
@click.pass_context
def explain(context: click.Context, subjects: tuple[str, ...], free_run: bool) -> None:
    """Explain an error code, a built-in cell, or how a picture is read.

    The explanation of a file says what each row computes and what its input is, why the model has its topology and
    N, how the Keras and PyTorch code implements it, and how the parameters are counted. lstm, gru and rnn are printed
    as equations, as a cell of a file is written.

    \b
      seqdsl explain SEQ213
      seqdsl explain lstm
      seqdsl explain examples/many-to-many-last-3.seq
      seqdsl explain examples/translation.seq --free-run
      seqdsl explain SEQ401 SEQ402 --color never
    """
    from seqdsl.cli import terminal

    codes = [item for item in subjects if _is_code(item)]
    cells = [item for item in subjects if is_cell(item)]
    paths = [item for item in subjects if item not in codes + cells]
    # A code that does not exist ends the run before any picture is compiled.
    texts = [_code(item.upper()) for item in codes] + [
        cell_text(built_in()[item]) for item in cells
    ]
    status = 0
    if paths:
        analyses = as_run(analyze_all(paths), free_run=free_run)
        models = models_of(analyses)
        texts += _models(models)
        terminal.show_findings(analyses, to_error=True)
        status = exit_code(analyses) if models else PROBLEMS
    terminal.show_explanations(texts)
    context.exit(status)


def _is_code(subject: str) -> bool:
    # A file that is called SEQ101 is a file.
    return _CODE.fullmatch(subject) is not None and not os.path.exists(subject)


def _code(name: str) -> str:
    from seqdsl.cli import terminal
    from seqdsl.explain.catalogue import WIDTH, explain_code
    from seqdsl.text.codes import CODES
    from seqdsl.text.codes.nearest import close_codes

    if name not in CODES:
        close = close_codes(name)
        hint = f"; did you mean {' or '.join(close)}?" if close else ""
        raise click.UsageError(f"unknown code {name}{hint}")
    return explain_code(name, terminal.text_width(WIDTH))


def _models(models: Sequence[CompiledModel]) -> list[str]:
    from seqdsl.cli import terminal
    from seqdsl.cli.faults import guarded
    from seqdsl.explain.model import WIDTH
    from seqdsl.explain.model import explain as explain_model

    texts = []
    for model in models:
        with guarded(model.file):
            modules = write_trained(model.spec)
            texts.append(explain_model(model.spec, modules, terminal.text_width(WIDTH)))
    return texts
