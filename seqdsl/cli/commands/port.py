"""``seqdsl port``: a model that exists, written for another framework, with its weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
from seqdsl.cli.target_name import TARGET_NAME
from seqdsl.cli.writing import print_written, refuse_overwrite, write_whole
from seqdsl.project.files import reason

if TYPE_CHECKING:
    from seqdsl.porting.porting import Ported

STANDARD_OUTPUT = "-"


@click.command()
@origin_argument
@click.option("--to", "target", type=TARGET_NAME, required=True, help="The framework.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="Output file of the source (default: standard output).",
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
    is_printed = output in (None, STANDARD_OUTPUT)
    if form == "json" and output == STANDARD_OUTPUT:
        raise click.UsageError("--format json prints the report: give a file with -o")
    written = [Path(output)] if output is not None and not is_printed else []
    refuse_overwrite([model], [*written, *([weights] if weights is not None else [])])
    from seqdsl.porting import importing, porting
    from seqdsl.porting.origin import CannotRead
    from seqdsl.porting.report_json import ported_to_json

    try:
        ported = porting.port_model(origin, target, weights=weights, timeout=timeout, memory=memory)
    except CannotRead as error:
        raise CannotRun(str(error)) from error
    except importing.Refused as refused:
        end_refused(refused, model, form)
    except OSError as error:
        raise CannotRun(f"{error.filename or weights}: {reason(error)}") from error
    for file in written:
        write_whole(file, ported.source.encode())
    if form == "json":
        show_json(ported_to_json(ported, model))
        return
    show_report(ported.imported, model, quiet=quiet)
    _show_port(ported, quiet=quiet)
    if is_printed:
        click.echo(ported.source, nl=False)
    for file in [*written, *([weights] if weights is not None else [])]:
        print_written(file)


def _show_port(ported: Ported, *, quiet: bool) -> None:
    """Print what comparing the port came to."""
    from seqdsl.porting.port_sentences import port_lines

    for line, is_wanted in port_lines(ported):
        if is_wanted or not quiet:
            click.echo(line, err=True)
