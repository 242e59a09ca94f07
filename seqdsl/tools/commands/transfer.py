"""``seqdsl transfer``: trained weights, carried from one framework to another."""

from __future__ import annotations

from pathlib import Path

import click

from seqdsl.tools.common import (
    CLEAN,
    PROBLEMS,
    CannotRun,
    analyze_all,
    exit_code,
    models_of,
    need_frameworks,
)


@click.command()
@click.argument("path", metavar="FILE|-")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The trained weights: .keras, .weights.h5, .pt or .safetensors.",
)
@click.option(
    "--to",
    "destination",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to write, in the format of its suffix.",
)
@click.option("--model", "name", help="Which model, where the file holds several.")
@click.pass_context
def transfer(
    context: click.Context, path: str, source: Path, destination: Path, name: str | None
) -> None:
    """Carry trained weights of a picture's model over to another framework.

    The numbers stay as they are, to the last bit; only PyTorch's two biases of a cell are added up for
    Keras, which has one.

    \b
      seqdsl transfer picture.seq --from trained.keras --to weights.pt
      seqdsl transfer picture.seq --from weights.safetensors --to model.weights.h5
    """
    need_frameworks()
    from seqdsl.tools import terminal
    from seqdsl.verify.remote import StartError
    from seqdsl.verify.transfer import TransferError, framework_of
    from seqdsl.verify.transfer import transfer as carry

    if source.resolve() == destination.resolve():
        raise click.UsageError(f"{destination} is what the weights are read from")
    try:
        for file in (source, destination):
            framework_of(file)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    analyses = analyze_all((path,))
    terminal.show_findings(analyses, to_error=True)
    if exit_code(analyses) != CLEAN:
        context.exit(PROBLEMS)
    models = [model for model in models_of(analyses) if name in (None, model.name)]
    if len(models) != 1:
        raise click.UsageError(f"{path} holds {len(models)} such models: choose one with --model")
    try:
        carry(models[0], source, destination)
    except TransferError as error:
        click.echo(str(error), err=True)
        context.exit(PROBLEMS)
    except StartError as error:
        raise CannotRun(str(error)) from error
    click.echo(f"{destination}: the weights of {source}")
