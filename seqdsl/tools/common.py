"""paths → analyses: what the commands share, their exit codes among it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Analysis, Model

CLEAN, PROBLEMS, FAILED = 0, 1, 2
TARGETS = ("keras", "torch")

paths_argument = click.argument("paths", nargs=-1, required=True, metavar="FILE|DIR|-...")


def _color(context: click.Context, option: click.Parameter, value: str) -> str:
    context.color = {"auto": None, "always": True, "never": False}[value]
    return value


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    expose_value=False,
    callback=_color,
    help="Colours: on a terminal, always, or never; NO_COLOR is respected.",
)


class CannotRun(click.ClickException):
    """What keeps a command from running at all."""

    exit_code = FAILED


def analyze_all(paths: Sequence[str]) -> list[Analysis]:
    """Compile every text; what cannot be read ends the run."""
    # Imports make a great many objects, all of which stay: to look for garbage among them, now and once more
    # when Python ends, is a fifth of the time that a small picture takes.
    gc.disable()
    from seqdsl.pipeline import analyze
    from seqdsl.tools.files import Unreadable, read_all

    analyze("")
    gc.freeze()
    gc.enable()

    try:
        return [analyze(text.data, text.name) for text in read_all(paths)]
    except Unreadable as error:
        raise CannotRun(str(error)) from error


def models_of(analyses: Sequence[Analysis]) -> list[Model]:
    """All models that compiled."""
    return [model for analysis in analyses for model in analysis.models]


def exit_code(analyses: Sequence[Analysis]) -> int:
    """Whether a text has errors."""
    errors = any(item.is_error for analysis in analyses for item in analysis.diagnostics)
    return PROBLEMS if errors else CLEAN


def count(analyses: Sequence[Analysis]) -> str:
    """How many models and findings there are, in words."""
    found = [item for analysis in analyses for item in analysis.diagnostics]
    errors = sum(item.is_error for item in found)
    warnings = len(found) - errors
    problems = ", ".join(
        plural(number, noun)
        for number, noun in ((errors, "error"), (warnings, "warning"))
        if number
    )
    return f"{plural(len(models_of(analyses)), 'model')}, {problems or 'no problems'}"


def plural(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
