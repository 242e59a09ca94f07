"""``seqdsl lsp``: the language server, for editors."""

from __future__ import annotations

import click

from seqdsl.cli.common import CannotRun


@click.command()
@click.option(
    "--stdio",
    is_flag=True,
    help="Accepted for editors that pass it: standard input and output are always used.",
)
def lsp(stdio: bool) -> None:
    """Run the language server for editors, over standard input and output.

    It needs the extra `lsp`: pip install 'seqdsl[lsp]'. Editors start it themselves; the page
    about editors in the documentation says how to set up each.

    \b
      seqdsl lsp --stdio
    """
    try:
        from seqdsl.lsp.server import make_server
    except ImportError as error:
        message = f"the language server needs {error.name}: pip install 'seqdsl[lsp]'"
        raise CannotRun(message) from error
    make_server().start_io()
