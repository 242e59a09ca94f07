"""``seqdsl check``: what pictures mean, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from seqdsl.cli.common import (
    analyze_all,
    color_option,
    count,
    exit_code,
    findings_options,
    models_of,
    paths_argument,
    settings_for,
)
from seqdsl.cli.findings import data_options, strictly, with_data_findings
from seqdsl.cli.free_run import as_run, free_run_option
from seqdsl.cli.model_texts import model_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.explain.arrays import Array
    from seqdsl.pipeline import Analysis


@click.command()
@paths_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github", "ir"]),
    default="text",
    show_default=True,
    help="Output format; ir prints the models' intermediate representation, and findings to standard error.",
)
@click.option("--why", is_flag=True, help="Explain each code the first time it appears.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Print a table of each model: layers, shapes, parameters."
)
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@free_run_option
@data_options
@findings_options
@color_option
@model_options
@click.pass_context
def check(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    form: str,
    why: bool,
    verbose: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Check pictures: print errors and warnings.

    Pictures are .seq files, and the seq blocks of Markdown and Python files that are given by name.

    With the shapes of your data (samples first), check also reports whether the picture fits
    them, and what to draw if it does not.

    \b
      seqdsl check examples/stacked.seq --verbose
      seqdsl check examples README.md --strict
      seqdsl check examples --format json
      seqdsl check examples/stacked.seq --format ir
      seqdsl check examples/stacked.seq --why
      seqdsl check examples --strict --ignore SEQ406
      seqdsl check examples/vanilla-lstm.seq --data 1000,6,8 --target 1000,3
      seqdsl check examples/siamese.seq --data x=64,3,8 --data z=64,3,8
      seqdsl check examples/translation.seq --free-run --verbose
      cat examples/stacked.seq | seqdsl check -
    """
    if verbose and quiet:
        raise click.UsageError("--verbose and --quiet exclude each other")
    arrays, free_run = (options.pop("data"), options.pop("target")), options.pop("free_run")
    settings = settings_for(paths, **options)
    read = as_run(analyze_all(paths, settings), free_run=free_run)
    analyses = with_data_findings(read, *arrays)
    if settings.strict:
        analyses = strictly(analyses)
    #                       standard output                                       standard error
    # text                  tables (-v), findings with repairs, notes, the count
    # ir                    the representation, and nothing else                  findings
    # json, sarif           one document
    # github                commands, the count
    if form == "text":
        from seqdsl.cli import terminal

        if verbose:
            terminal.show_models(models_of(analyses))
        for analysis in analyses:
            terminal.show_findings([analysis], why=why)
            if any(item.is_error for item in analysis.diagnostics):
                _show_repair(analysis)
        if not quiet:
            _show_notes(analyses, *arrays)
    elif form == "ir":
        from seqdsl.cli import terminal

        # What is printed is to be read by programs: findings are not among it.
        terminal.show_findings(analyses, to_error=True, why=why)
        click.echo("\n".join(str(model.ir) for model in models_of(analyses)), nl=False)
    elif form == "json":
        from seqdsl.cli.fixes import changes
        from seqdsl.reports import json_report

        click.echo(json_report.report(analyses, fixes=changes(analyses)))
    else:
        from seqdsl.reports import render

        # GitHub's commands end with a line end, or are nothing at all.
        click.echo(render(form, analyses), nl=form != "github")
    if form in ("text", "github") and not quiet:
        click.echo(count(analyses))
    context.exit(exit_code(analyses))


def _show_notes(
    analyses: Sequence[Analysis], data: Sequence[Array], targets: Sequence[Array]
) -> None:
    if not data and not targets:
        return
    from seqdsl.explain.data import data_notes
    from seqdsl.lowering.compiled import uncalled

    for model in (model for analysis in analyses for model in uncalled(analysis.models)):
        for note in data_notes(model.spec, data, targets):
            click.echo(f"{model.file}:{model.lines[0]}: note: {note}\n")


def _show_repair(analysis: Analysis) -> None:
    from seqdsl.cli.fixes import proposal

    if text := proposal(analysis):
        click.echo(f"{text}\n")
