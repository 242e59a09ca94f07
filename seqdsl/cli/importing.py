"""what ``seqdsl import`` and ``seqdsl port`` share: their options, and what they tell of a model that was read."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from seqdsl.cli.common import PROBLEMS, CannotRun, Seconds
from seqdsl.cli.model_texts import model_settings, show_refused
from seqdsl.cli.writing import STANDARD_OUTPUT
from seqdsl.porting.origin import CannotRead, ReadError, origin_of
from seqdsl.project.config import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from seqdsl.porting.importing import Imported, Refused
    from seqdsl.porting.origin import Origin
    from seqdsl.porting.worker import OriginWorker

TIMEOUT = 300.0

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def _size(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    from seqdsl.sandbox.memory_limit import parse_size

    try:
        return parse_size(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def run_options(command: _Command) -> _Command:
    """The options ``--format``, ``--timeout``, ``--memory`` and ``--quiet``."""
    for option in (
        click.option(
            "-q", "--quiet", is_flag=True, help="Print what differs or cannot be read only."
        ),
        click.option(
            "--memory",
            callback=_size,
            metavar="SIZE",
            help="Memory limit of each process, such as 2GiB (default: none).",
        ),
        click.option(
            "--timeout",
            type=Seconds(min=1, max=LONGEST),
            default=TIMEOUT,
            metavar="SECONDS",
            help="Time limit for reading, and for each check: processor time, and ten times that of wall-clock "
            "time.  [default: 300]",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(["text", "json"]),
            default="text",
            show_default=True,
            help="Format of the report; json goes to standard output, text to standard error.",
        ),
    ):
        command = option(command)
    return command


def origin_argument(command: _Command) -> _Command:
    """The argument that names a model."""
    return click.argument("model", metavar="MODULE:FUNCTION|FILE.keras")(command)


def origin_from(text: str) -> Origin:
    """The origin that the command line names, with its options.

    Raises:
        CannotRun: there is no such model.
    """
    from seqdsl.verify.against import missing_module

    inputs, allow_code = model_settings()
    try:
        origin = origin_of(text, inputs, allow_code=allow_code)
    except CannotRead as error:
        raise CannotRun(str(error)) from error
    if ":" in text and not text.endswith(".keras") and (problem := missing_module(text)):
        raise CannotRun(problem)
    return origin


def file_for(output: str | None, form: str) -> Path | None:
    """The file that ``-o`` names; ``None``: standard output.

    Raises:
        click.UsageError: standard output would hold the report as well.
    """
    if form == "json" and output == STANDARD_OUTPUT:
        raise click.UsageError("--format json prints the report: give a file with -o")
    return None if output in (None, STANDARD_OUTPUT) else Path(output)


@contextmanager
def reading(source: str, form: str) -> Iterator[None]:
    """What is done within reads a model; if that cannot be done, it is told why, and all ends.

    Raises:
        CannotRun: there is no model to read.
        click.exceptions.Exit: the model is not read, or not equal.
    """
    try:
        yield
    except CannotRead as error:
        raise CannotRun(str(error)) from error
    except ReadError as refused:
        end_refused(cast("Refused", refused), source, form)


@contextmanager
def started(origin: Origin, timeout: float, memory: int | None) -> Iterator[OriginWorker]:
    """The process of a model, which imports a framework while this one imports what draws pictures."""
    from seqdsl.porting.worker import OriginWorker

    with closing(OriginWorker(origin, timeout, memory)) as worker:
        yield worker


def show_report(imported: Imported, source: str, *, quiet: bool) -> None:
    """Print what was read, and what checking it came to."""
    from seqdsl.porting.sentences import import_lines

    for line, is_wanted in import_lines(imported.read.reading, imported.outcome, source):
        if is_wanted or not quiet:
            click.echo(line, err=True)


def show_json(data: Mapping[str, Any]) -> None:
    """Print a document."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def end_refused(refused: Refused, source: str, form: str) -> NoReturn:
    """Tell why no picture is written, and end.

    Raises:
        click.exceptions.Exit: with the exit code of problems.
    """
    if form == "json":
        from seqdsl.porting.report_json import refused_to_json

        show_json(refused_to_json(refused, source))
    else:
        show_refused(refused)
    raise click.exceptions.Exit(PROBLEMS)
