"""``seqdsl transfer``: trained weights, carried from one framework to another."""

from __future__ import annotations

from pathlib import Path

import click

from seqdsl.cli.common import (
    CLEAN,
    PROBLEMS,
    CannotRun,
    analyze_all,
    exit_code,
    models_of,
    need_frameworks,
    need_temporary_folder,
)
from seqdsl.cli.parameters import file_argument
from seqdsl.cli.sources import chosen, model_option, without_called
from seqdsl.cli.writing import refuse_overwrite
from seqdsl.project.files import reason


@click.command()
@file_argument
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Trained weights: .keras, .weights.h5, .pt or .safetensors.",
)
@click.option(
    "--to",
    "destination",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Output file; its suffix sets the format.",
)
@model_option
@click.pass_context
def transfer(
    context: click.Context, path: str, source: Path, destination: Path, name: str | None
) -> None:
    """Convert trained weights to another framework.

    The values are copied exactly. Only the two biases of a PyTorch cell are added, because Keras has one.

    \b
      seqdsl transfer picture.seq --from trained.keras --to weights.pt
      seqdsl transfer picture.seq --from weights.safetensors --to model.weights.h5
    """
    need_frameworks()
    need_temporary_folder()
    from seqdsl.cli import terminal
    from seqdsl.sandbox.worker_client import StartError
    from seqdsl.verify.transfer import TransferError, framework_of
    from seqdsl.verify.transfer import transfer as carry

    # All that can be refused without a framework is refused first: importing both takes seconds.
    refuse_overwrite([path, str(source)], [destination], option="--to")
    try:
        for file in (source, destination):
            framework_of(file)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    analyses = analyze_all((path,))
    terminal.show_findings(analyses, to_error=True)
    if exit_code(analyses) != CLEAN:
        context.exit(PROBLEMS)
    models = without_called(chosen(models_of(analyses), name, path), None)
    if len(models) > 1:
        raise click.UsageError(f"{path} has {len(models)} models: choose one with --model")
    try:
        carry(models[0], source, destination)
    except TransferError as error:
        click.echo(str(error), err=True)
        context.exit(PROBLEMS)
    except StartError as error:
        raise CannotRun(str(error)) from error
    except OSError as error:
        raise CannotRun(f"{error.filename or destination}: {reason(error)}") from error
    click.echo(f"wrote {destination} (weights from {source})")
