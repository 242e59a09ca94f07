"""``seqdsl format``: pictures in their canonical form."""

from __future__ import annotations

import click

from seqdsl.cli.common import paths_argument


@click.command()
@paths_argument
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Do not write; list the files that would change, and exit 1 if there are any.",
)
@click.option(
    "--diff", is_flag=True, help="Do not write; print a diff, and exit 1 if there is one."
)
@click.option("--fix", is_flag=True, help="Fix mistakes that have exactly one possible fix.")
@click.pass_context
def format(
    context: click.Context, paths: tuple[str, ...], only_check: bool, diff: bool, fix: bool
) -> None:
    """Format pictures; their meaning does not change.

    Nodes are spaced evenly, wires are redrawn, layers are aligned; comments are kept. A file with errors, or
    with the line "# fmt: off", is not changed.

    \b
      seqdsl format examples
      seqdsl format picture.seq --fix
      seqdsl format --check --diff examples
      cat picture.seq | seqdsl format -
    """
    from seqdsl.cli.rewrite import Options, rewrite

    context.exit(rewrite(paths, Options(only_check, diff, fix)))
