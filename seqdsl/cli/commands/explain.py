"""``seqdsl explain``: what a code or an error message means, or what was inferred of pictures and why."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import click

from seqdsl.cells.text import cell_text
from seqdsl.cli.cells import is_cell
from seqdsl.cli.common import (
    CLEAN,
    PROBLEMS,
    CannotRun,
    analyze_all,
    color_option,
    exit_code,
    models_of,
)
from seqdsl.cli.findings import data_options
from seqdsl.cli.free_run import as_run, free_run_option
from seqdsl.cli.model_texts import model_options
from seqdsl.cli.parameters import CodeOrFile, File
from seqdsl.ir.cells import built_in
from seqdsl.targets import write_trained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.explain.arrays import Array
    from seqdsl.lowering.compiled import CompiledModel

_CODE = re.compile(r"SEQ\w*", re.IGNORECASE)


@click.command()
@click.argument("subjects", nargs=-1, type=CodeOrFile(), metavar="[CODE|CELL|FILE|DIR|-]...")
@click.option(
    "--error",
    "message",
    metavar="FILE|-",
    type=File(),
    help="Explain the error message of Keras or PyTorch in FILE, a whole traceback or its last line.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format of --error.",
)
@data_options
@free_run_option
@color_option
@model_options
@click.pass_context
def explain(
    context: click.Context,
    /,
    subjects: tuple[str, ...],
    message: str | None,
    form: str,
    free_run: bool,
    **arrays: Any,
) -> None:
    """Explain an error code, a built-in cell, how a picture is read, or an error message of Keras or PyTorch.

    The explanation of a file says what each row computes and what its input is, why the model has its topology and
    N, how the Keras and PyTorch code implements it, and how the parameters are counted. lstm, gru and rnn are printed
    as equations, as a cell of a file is written.

    The explanation of an error message says what it means for the topology, and shows the wrong and the right picture,
    in the shapes of your data if you give them.

    \b
      seqdsl explain SEQ213
      seqdsl explain lstm
      seqdsl explain examples/many-to-many-last-3.seq
      seqdsl explain examples/translation.seq --free-run
      seqdsl explain SEQ401 SEQ402 --color never
      seqdsl explain --error error.txt
      seqdsl explain --error error.txt --data 1000,20,4 --target 1000,5
    """
    _check_options(context, subjects, message, form, free_run, **arrays)
    if message is None:
        context.exit(_subjects(subjects, free_run=free_run))
    context.exit(_message(message, form, **arrays))


def _check_options(
    context: click.Context,
    /,
    subjects: tuple[str, ...],
    message: str | None,
    form: str,
    free_run: bool,
    **arrays: Any,
) -> None:
    """What belongs to messages is not given with pictures, nor the other way round.

    Raises:
        click.UsageError: so it is.
    """
    if message is not None and (subjects or free_run):
        raise click.UsageError("--error excludes codes, cells, files and --free-run")
    if message is None and (form != "text" or any(arrays.values())):
        raise click.UsageError("--data, --target and --format json need --error")
    if message is None and not subjects:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])


def _subjects(subjects: tuple[str, ...], *, free_run: bool) -> int:
    """Print what codes, cells and pictures mean."""
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
    return status


def _message(path: str, form: str, data: Sequence[Array], target: Sequence[Array]) -> int:
    """Print what a message means; 1 if it is not known, as of pictures with problems."""
    from seqdsl.cli import terminal
    from seqdsl.diagnosis.diagnose import diagnose
    from seqdsl.diagnosis.find import LONGEST
    from seqdsl.project.files import Unreadable, read_end

    try:
        text = read_end(path, LONGEST)
    except Unreadable as error:
        raise CannotRun(str(error)) from error
    diagnosis = diagnose(text, data, target)
    if form == "json":
        from seqdsl.diagnosis.report import as_json

        click.echo(as_json(diagnosis))
    else:
        from seqdsl.diagnosis.words import WIDTH, words

        terminal.show_explanations([words(diagnosis, terminal.text_width(WIDTH))])
    return CLEAN if diagnosis.known else PROBLEMS


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
