"""``seqdsl port``: a model that exists, written for another framework, with its weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqdsl.cli.common import CannotRun, need_frameworks, need_temporary_folder
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
from seqdsl.cli.target_name import TARGET_NAME
from seqdsl.cli.writing import print_written, refuse_overwrite, write_whole
from seqdsl.project.files import reason

if TYPE_CHECKING:
    from seqdsl.porting.porting import Ported


@click.command()
@origin_argument
@click.option("--to", "target", type=TARGET_NAME, required=True, help="The framework.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="Output file of the source; - is standard output (the default).",
)
@click.option(
    "--weights",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Output file of the weights: .keras or .weights.h5; .pt or .safetensors; .safetensors for numpy.",
)
@model_options
@run_options
def port(  # noqa: PLR0913, PLR0917 - what the options say
    model: str,
    target: str,
    output: str | None,
    weights: Path | None,
    form: str,
    timeout: float,
    memory: int | None,
    quiet: bool,
) -> None:
    """Write an existing Keras or PyTorch model for another framework.

    The model is read as by import. Its source is generated, and its weights are copied by name. The two models are
    compared in double precision, with the model's own weights and with random ones, before anything is written.

    \b
      seqdsl port my_models:build --to keras -o model.py --weights model.weights.h5
      seqdsl port trained.keras --to torch -o model.py --weights model.safetensors
      seqdsl port trained.keras --to numpy -o model.py --weights model.safetensors

    Exit codes: 0 equal, or equal but for what is named; 1 not read, or not equal; 2 could not run.
    """
    need_frameworks()
    need_temporary_folder()
    origin = origin_from(model)
    file = file_for(output, form)
    files = [item for item in (file, weights) if item is not None]
    refuse_overwrite([model], files)
    try:
        with started(origin, timeout, memory) as worker, reading(model, form):
            from seqdsl.porting import porting
            from seqdsl.porting.report_json import ported_to_json

            ported = porting.port_model(
                origin, target, weights=weights, timeout=timeout, memory=memory, worker=worker
            )
    except OSError as error:
        raise CannotRun(f"{error.filename or weights}: {reason(error)}") from error
    if file is not None:
        write_whole(file, ported.source.encode())
    if form == "json":
        show_json(ported_to_json(ported, model))
        return
    show_report(ported.imported, model, quiet=quiet)
    _show_port(ported, quiet=quiet)
    if file is None:
        click.echo(ported.source, nl=False)
    for item in files:
        print_written(item)


def _show_port(ported: Ported, *, quiet: bool) -> None:
    """Print what comparing the port came to."""
    from seqdsl.porting.port_sentences import port_lines

    for line, is_wanted in port_lines(ported):
        if is_wanted or not quiet:
            click.echo(line, err=True)
