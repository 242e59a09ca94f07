"""``seqdsl check``: what pictures mean, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from seqdsl.tools.common import (
    analyze_all,
    count,
    exit_code,
    findings_options,
    models_of,
    paths_argument,
    settings_for,
)

if TYPE_CHECKING:
    from seqdsl.pipeline import Analysis


@click.command()
@paths_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How to print what was found.",
)
@findings_options
@click.pass_context
def check(
    context: click.Context,
    paths: tuple[str, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool | None,
) -> None:
    """Parse pictures, infer what they mean and print it.

    Pictures are .seq files, and the seq blocks of Markdown and Python files that are named.

    \b
      seqdsl check examples/stacked.seq
      seqdsl check examples README.md --strict
      seqdsl check examples --format json
      cat picture.seq | seqdsl check -
    """
    settings = settings_for(paths, select=select, ignore=ignore, strict=strict)
    analyses = analyze_all(paths, settings)
    if form == "text":
        from seqdsl.tools import terminal

        terminal.show_models(models_of(analyses))
        for analysis in analyses:
            terminal.show_findings([analysis])
            if any(item.is_error for item in analysis.diagnostics):
                _show_repair(analysis)
    else:
        from seqdsl.tools.reports import render

        click.echo(render(form, analyses), nl=form != "github")
    if form in ("text", "github"):
        click.echo(count(analyses))
    context.exit(exit_code(analyses, strict=settings.strict))


def _show_repair(analysis: Analysis) -> None:
    from seqdsl.tools.fixes import proposal

    if text := proposal(analysis):
        click.echo(f"{text}\n")
