"""exceptions → one line for the file they came up with: the others of the run go on.

Whatever a text holds, an exception that it causes is a fault of seqdsl. It is reported as such, it makes the exit
code 2, and its traceback is printed where ``SEQDSL_TRACEBACK`` is set.
"""

from __future__ import annotations

import os
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from seqdsl.targets import NotWrittenError

if TYPE_CHECKING:
    from collections.abc import Iterator

SWITCH = "SEQDSL_TRACEBACK"
"""An environment variable: if set, an internal error shows its traceback."""

_FAULTS = "seqdsl.faults"


@contextmanager
def guarded(name: str, *expected: type[Exception]) -> Iterator[None]:
    """Report an exception as an internal error with the file ``name``, and go on behind the block.

    Args:
        name: the file that is worked on.
        expected: exceptions with a meaning of their own, which are passed on as all of click's are.
    """
    try:
        yield
    # click's Exit and Abort are RuntimeErrors, and would pass for faults; an OSError may be of standard output.
    except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
        raise
    except Exception as error:
        if isinstance(error, expected):
            raise
        _report(name, error)


def _report(name: str, error: Exception) -> None:
    context = click.get_current_context(silent=True)
    if context is None:
        raise error
    context.meta[_FAULTS] = True
    if isinstance(error, NotWrittenError):
        click.echo(f"{name}: {error}", err=True)
        return
    lines = str(error).splitlines() or [""]
    summary = f"{type(error).__name__}: {lines[0][:200]}".rstrip(": ")
    click.echo(f"{name}: internal error in seqdsl: {summary}", err=True)
    if os.environ.get(SWITCH):
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    else:
        click.echo(f"  please report it, with what {SWITCH}=1 prints", err=True)


def report_unreadable(error: Exception) -> None:
    """Say why a file could not be read, and go on: the run ends with the exit code 2.

    Args:
        error: what came up; it is raised where no command runs that could go on.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        raise error
    context.meta[_FAULTS] = True
    click.echo(f"Error: {error}", err=True)


def any_faults(context: click.Context) -> bool:
    """Whether an internal error, or a file that cannot be read, was reported in this run."""
    return bool(context.meta.get(_FAULTS))
