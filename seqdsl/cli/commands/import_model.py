"""``seqdsl import``: the picture of a model that exists."""

from __future__ import annotations

from pathlib import Path

import click

from seqdsl.cli.common import CannotRun, need_frameworks, need_temporary_folder
from seqdsl.cli.importing import (
    end_refused,
    origin_argument,
    origin_from,
    run_options,
    show_json,
    show_report,
)
from seqdsl.cli.model_texts import model_options
from seqdsl.cli.writing import print_written, refuse_overwrite, write_whole

STANDARD_OUTPUT = "-"


@click.command("import")
@origin_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="Output file (default: standard output).",
)
@model_options
@run_options
def import_model(
    model: str, output: str | None, form: str, timeout: float, memory: int | None, quiet: bool
) -> None:
    """Read an existing Keras or PyTorch model as a picture.

    MODULE:FUNCTION is a function without arguments that builds a Keras model or a PyTorch module, or returns (module,
    example_inputs); FILE.keras is a saved model. The picture is checked against the model before it is written, with
    the model's own weights and with random ones; if a layer cannot be read, nothing is written, and all such layers
    are listed. ONNX files are not read yet.

    \b
      seqdsl import my_models:build -o model.seq
      seqdsl import my_models:Tagger --input words=*:int64 -o tagger.seq
      seqdsl import trained.keras -o model.seq

    Exit codes: 0 equal, or equal but for what is named; 1 not read; 2 could not run.
    """
    need_frameworks()
    need_temporary_folder()
    origin = origin_from(model)
    is_printed = output in (None, STANDARD_OUTPUT)
    if form == "json" and output == STANDARD_OUTPUT:
        raise click.UsageError("--format json prints the report: give a file with -o")
    if output is not None and not is_printed:
        refuse_overwrite([model], [Path(output)])
    from seqdsl.porting import importing
    from seqdsl.porting.origin import CannotRead
    from seqdsl.porting.report_json import imported_to_json

    try:
        imported = importing.import_model(origin, timeout=timeout, memory=memory)
    except CannotRead as error:
        raise CannotRun(str(error)) from error
    except importing.Refused as refused:
        end_refused(refused, model, form)
    if output is not None and not is_printed:
        write_whole(Path(output), imported.text.encode())
    if form == "json":
        show_json(imported_to_json(imported, model))
        return
    show_report(imported, model, quiet=quiet)
    if is_printed:
        click.echo(imported.text, nl=False)
    elif output is not None:
        print_written(Path(output))
