"""``seqdsl import``: the picture of a model that exists."""

from __future__ import annotations

import click

from seqdsl.cli.common import need_frameworks, need_temporary_folder
from seqdsl.cli.importing import (
    file_for,
    origin_argument,
    origin_from,
    reading,
    run_options,
    show_json,
    show_report,
    started,
)
from seqdsl.cli.model_texts import model_options
from seqdsl.cli.writing import print_written, refuse_overwrite, write_whole


@click.command("import")
@origin_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="Output file; - is standard output (the default).",
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
    file = file_for(output, form)
    refuse_overwrite([model], [] if file is None else [file])
    with started(origin, timeout, memory) as worker, reading(model, form):
        from seqdsl.porting import importing
        from seqdsl.porting.report_json import imported_to_json

        imported = importing.import_model(origin, timeout=timeout, memory=memory, worker=worker)
    if file is not None:
        write_whole(file, imported.text.encode())
    if form == "json":
        show_json(imported_to_json(imported, model))
        return
    show_report(imported, model, quiet=quiet)
    if file is None:
        click.echo(imported.text, nl=False)
    else:
        print_written(file)
