"""``seqdsl format``: pictures in their canonical form."""

from __future__ import annotations

import click

from seqdsl.cli.common import paths_argument


@click.command()
@paths_argument
@click.option("--check", "only_check", is_flag=True, help="Write nothing; list what would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--fix", is_flag=True, help="Mend slips that can be mended in one way only.")
@click.pass_context
def format(
    context: click.Context, paths: tuple[str, ...], only_check: bool, diff: bool, fix: bool
) -> None:
    """Rewrite pictures in their canonical form; what they mean never changes.

    Nodes are evenly spaced, wires drawn anew, layers aligned; comments stay. A file with errors is left
    alone, and so is one with the line "# fmt: off".

    \b
      seqdsl format examples
      seqdsl format picture.seq --fix
      seqdsl format --check --diff examples
      cat picture.seq | seqdsl format -
    """
    from seqdsl.cli.rewrite import Options, rewrite

    context.exit(rewrite(paths, Options(only_check, diff, fix)))
