"""``seqdsl check``: what pictures mean, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from seqdsl.tools.common import analyze_all, count, exit_code, models_of, paths_argument

if TYPE_CHECKING:
    from seqdsl.pipeline import Analysis


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
        for analysis in analyses:
            terminal.show_findings([analysis])
            if any(item.is_error for item in analysis.diagnostics):
                _show_repair(analysis)
        click.echo(count(analyses))
    context.exit(exit_code(analyses))


def _show_repair(analysis: Analysis) -> None:
    from seqdsl.tools.fixes import proposal

    if text := proposal(analysis):
        click.echo(f"{text}\n")
