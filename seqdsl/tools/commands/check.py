"""``seqdsl check``: what pictures mean, and what is wrong with them."""

from __future__ import annotations

import click

from seqdsl.tools.common import analyze_all, count, exit_code, models_of, paths_argument


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
@click.pass_context
def check(context: click.Context, paths: tuple[str, ...], form: str) -> None:
    """Parse pictures, infer what they mean and print it.

    \b
      seqdsl check examples/stacked.seq
      seqdsl check examples --format json
      cat picture.seq | seqdsl check -
    """
    analyses = analyze_all(paths)
    if form == "json":
        from seqdsl.tools.json_report import report

        click.echo(report(analyses))
    else:
        from seqdsl.tools import terminal

        terminal.show_models(models_of(analyses))
        terminal.show_findings(analyses)
        click.echo(count(analyses))
    context.exit(exit_code(analyses))
