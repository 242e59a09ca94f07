"""command line → exit code: the group of all commands, each in a module of its own.

Only click is imported here: ``--help`` must not wait for what the commands need.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from seqdsl import __version__
from seqdsl.cli.common import FAILED

COMMANDS = (
    "new",
    "import",
    "port",
    "check",
    "explain",
    "format",
    "watch",
    "draw",
    "generate",
    "verify",
    "transfer",
    "lsp",
)
"""Each is a module of `seqdsl.cli.commands` with a command of its name, in the order of use."""

_OTHER_NAMES = {
    "build": "generate",
    "compile": "generate",
    "convert": "port",
    "export": "port",
    "read": "import",
    "create": "new",
    "fmt": "format",
    "init": "new",
    "lint": "check",
    "plot": "draw",
    "render": "draw",
    "show": "explain",
    "test": "verify",
}
"""What other tools call a command."""

BROKEN_PIPE = 141
"""What a shell reports of a program that SIGPIPE ended, 128 + 13: as `git log | head` does."""


class _Commands(click.Group):
    """Imports a command when it is asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an internal error in any of its files means that it could not run, whatever the result is."""
        from seqdsl.cli.common import CannotRun
        from seqdsl.cli.faults import any_faults
        from seqdsl.targets import NotWrittenError

        try:
            result = super().invoke(ctx)
        # A picture that a target cannot write is no internal error: the sentence says what to do instead.
        except NotWrittenError as error:
            raise CannotRun(str(error)) from error
        # `context.exit(1)` in a command raises: click turns it into the exit code of the process further out.
        except click.exceptions.Exit as end:
            raise click.exceptions.Exit(FAILED if any_faults(ctx) else end.exit_code) from end
        except BrokenPipeError as end:
            # Left to click, it would be exit code 1: problems found.
            raise click.exceptions.Exit(BROKEN_PIPE) from end
        return ctx.exit(FAILED) if any_faults(ctx) else result

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        # Python has `import` for itself: no module or function can be called so.
        name = "import_model" if cmd_name == "import" else cmd_name
        command = getattr(import_module(f"seqdsl.cli.commands.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; for a mistyped one, name the nearest."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if args and args[0] in _OTHER_NAMES:
                close = [_OTHER_NAMES[args[0]]]
            else:
                from difflib import get_close_matches

                close = get_close_matches(args[0].lower() if args else "", COMMANDS, n=1)
            if close:
                # Newer versions of click have a suggestion of their own, which knows no other tools' names.
                name = click.format_filename(args[0])
                raise click.UsageError(
                    f"No such command '{name}'. Did you mean '{close[0]}'?", ctx
                ) from error
            raise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="seqdsl")
def cli() -> None:
    """The picture is the program: O-grids become Keras and PyTorch models.

    A .seq file is the picture itself: rows are layers, columns are time steps, wires carry values.

    \b
      seqdsl new --input 20,4 --output 25,1
      seqdsl check examples
      seqdsl explain examples/stacked.seq
      seqdsl generate examples/stacked.seq --to keras
      seqdsl draw examples/stacked.seq -o stacked.svg
      seqdsl verify examples --to torch

    Exit codes: 0 clean, 1 problems found, 2 could not run.
    """


def main() -> None:
    """Run the command line; a reader that goes away ends it quietly, a full disk behind standard output is one."""
    try:
        try:
            cli(standalone_mode=True)
        finally:
            # Not left to Python's end: what it prints then of a closed pipe cannot be caught.
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more when it flushes at its end.
        sys.stdout = None
        sys.exit(BROKEN_PIPE)
    except OSError as error:
        # What names a file is not about standard output, and a fault of ours.
        if error.filename is not None:
            raise
        sys.stdout = None
        from seqdsl.project.files import reason

        click.echo(f"Error: standard output: {reason(error)}", err=True)
        sys.exit(FAILED)
