"""``seqdsl check``: what pictures mean, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import click

from seqdsl.tools.common import (
    analyze_all,
    color_option,
    count,
    exit_code,
    models_of,
    paths_argument,
)
from seqdsl.tools.findings import data_options, findings_options, held_against, judge


@click.command()
@paths_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print what was found.",
)
@click.option("--why", is_flag=True, help="Say with the first finding of each code what it means.")
@data_options
@findings_options
@color_option
@click.pass_context
def check(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    form: str,
    why: bool,
    **options: Any,
) -> None:
    """Parse pictures, infer what they mean and print it.

    With the shapes of real data (samples first), check tells whether the picture takes and gives such arrays, and
    what to draw if it does not.

    \b
      seqdsl check examples/stacked.seq
      seqdsl check examples --format json
      seqdsl check examples/stacked.seq --why
      seqdsl check examples --strict --ignore SEQ406
      seqdsl check examples/vanilla-lstm.seq --data 1000,6,8 --target 1000,3
      seqdsl check examples/siamese.seq --data x=64,3,8 --data z=64,3,8
      cat examples/stacked.seq | seqdsl check -
    """
    arrays = options.pop("data"), options.pop("target")
    analyses = judge(held_against(analyze_all(paths), *arrays), **options)
    if form == "json":
        from seqdsl.tools.json_report import report

        click.echo(report(analyses))
    else:
        from seqdsl.tools import terminal

        terminal.show_models(models_of(analyses))
        terminal.show_findings(analyses, why=why)
        click.echo(count(analyses))
    context.exit(exit_code(analyses))
