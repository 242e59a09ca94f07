"""what draws → a file or standard output, in the form that is asked for: models and cells alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from seqdsl.cli.common import CannotRun

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Drawing = Callable[[str], str | bytes]
    """What draws in a form."""

FORMS = ("svg", "png", "pdf", "dot", "mmd", "txt")
"""Those of `seqdsl.draw`, which is imported where something is drawn."""

_BINARY = ("png", "pdf")


def form_of(output: Path) -> str:
    """The form that the ending of a file asks for.

    Raises:
        click.UsageError: it asks for none.
    """
    # lstm.SVG is an SVG file, too
    ending = output.suffix.lower().removeprefix(".")
    if ending not in FORMS:
        raise click.UsageError(
            f"cannot tell the format from {output}: use one of the suffixes "
            f"{', '.join(f'.{item}' for item in FORMS)}, or give --format"
        )
    return ending


def print_drawing(drawing: Drawing, form: str) -> None:
    """Print a drawing; one that is not text goes to no terminal."""
    from seqdsl.cli import terminal

    if form in _BINARY and terminal.is_terminal():
        raise click.UsageError(f"{form} is not text for a terminal: give a file with -o")
    click.echo(drawn_as(drawing, form), nl=False)


def drawn_as(drawing: Drawing, form: str) -> bytes:
    """A drawing in a form.

    Raises:
        CannotRun: a package, or a font, is missing.
        click.UsageError: an option is not for this form.
    """
    from seqdsl.draw.errors import CannotRender, UnfitOption

    try:
        drawn = drawing(form)
    except UnfitOption as error:
        raise click.UsageError(str(error)) from error
    except (ImportError, CannotRender) as error:
        raise CannotRun(str(error)) from error
    return drawn.encode() if isinstance(drawn, str) else drawn
