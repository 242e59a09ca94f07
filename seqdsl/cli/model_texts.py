"""``module:function``, or the file of a model → the text of its picture, for all commands that take pictures."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, TypeVar

import click

from seqdsl.project.files import STANDARD_INPUT, Text, Unreadable, read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seqdsl.porting.importing import Refused
    from seqdsl.porting.origin import GivenInput
    from seqdsl.project.config import Settings

PROBLEMS = 1

_INPUTS, _ALLOW = "seqdsl.inputs", "seqdsl.allow_code"
_PICTURES = (".seq", ".md", ".markdown", ".py")

_Command = TypeVar("_Command", bound="Callable[..., Any]")


class InputType(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in new versions of click
    """``[NAME=]SHAPE[:DTYPE]``, without the samples."""

    name = "shape"

    def convert(
        self,
        value: str | GivenInput,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> GivenInput:
        """The input that a text describes."""
        from seqdsl.porting.origin import input_of

        if not isinstance(value, str):
            return value
        try:
            return input_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def model_options(command: _Command) -> _Command:
    """The options ``--input`` and ``--allow-code``, which `model_settings` gives: of models, not of pictures."""
    for option in (
        click.option(
            "--allow-code",
            is_flag=True,
            expose_value=False,
            callback=_kept(_ALLOW),
            help="Of a model's file: run code that it holds, such as that of a Lambda layer.",
        ),
        click.option(
            "--input",
            multiple=True,
            metavar="[NAME=]SHAPE[:DTYPE]",
            type=InputType(),
            expose_value=False,
            callback=_distinct,
            help="Of a PyTorch module: the shape of an input without the samples, as 20,4 or words=*:int64; "
            "* is a free length. May be repeated.",
        ),
    ):
        command = option(command)
    return command


def _kept(name: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """What keeps the value of an option for those who read models, wherever in a command that is."""

    def keep(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
        context.meta[name] = value
        return value

    return keep


def _distinct(
    context: click.Context, parameter: click.Parameter, value: tuple[GivenInput, ...]
) -> tuple[GivenInput, ...]:
    """The inputs, of which no two are of one name; they are kept.

    Raises:
        click.BadParameter: two are.
    """
    names = [item.name for item in value if item.name]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise click.BadParameter(f"`{twice}` is given twice", context, parameter)
    context.meta[_INPUTS] = value
    return value


def model_settings() -> tuple[tuple[GivenInput, ...], bool]:
    """The inputs that the command line gives, and whether code of files may run."""
    context = click.get_current_context(silent=True)
    meta = {} if context is None else context.meta
    return tuple(meta.get(_INPUTS, ())), bool(meta.get(_ALLOW, False))


def read_texts(
    paths: Iterable[str], settings: Settings, skipped: Callable[[Unreadable], object]
) -> Iterator[Text]:
    """The texts of all paths; what names a model is read, and its picture checked against it.

    Args:
        paths: files, folders, ``-``, functions that build models, files of models.
        settings: which files of a folder count.
        skipped: called with the reason why something cannot be read, after which the others are read.
    """
    for path in paths:
        if _is_model(path):
            try:
                yield _model_text(path)
            except Unreadable as error:
                skipped(error)
        else:
            wanted = settings.include, settings.exclude, settings.root
            yield from read_all([path], *wanted, skipped)


def _is_model(path: str) -> bool:
    # What is known to be a picture costs no import.
    if path == STANDARD_INPUT or path.endswith(_PICTURES):
        return False
    from seqdsl.porting.origin import is_origin

    return is_origin(path)


def _model_text(path: str) -> Text:
    """The picture of a model.

    Raises:
        Unreadable: the model cannot be tried.
        click.exceptions.Exit: no picture means it; that is told.
    """
    from seqdsl.porting.origin import CannotRead, origin_of
    from seqdsl.porting.worker import OriginWorker

    inputs, allow_code = model_settings()
    try:
        origin = origin_of(path, inputs, allow_code=allow_code)
    except CannotRead as error:
        raise Unreadable(str(error)) from error
    # It imports a framework while this process imports what draws pictures.
    with closing(OriginWorker(origin)) as worker:
        from seqdsl.porting.importing import Refused, import_model
        from seqdsl.porting.sentences import differing

        try:
            imported = import_model(origin, worker=worker)
        except CannotRead as error:
            raise Unreadable(str(error)) from error
        except Refused as refused:
            show_refused(refused)
            raise click.exceptions.Exit(PROBLEMS) from refused
    for line in differing(imported.outcome):
        click.echo(f"{path}: {line}", err=True)
    return Text(path, imported.text.encode())


def show_refused(refused: Refused) -> None:
    """Print why there is no picture of a model."""
    for line in refused.lines:
        click.echo(line, err=True)
