"""compiled models → files: where ``-o`` says that sources and drawings go."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from seqdsl.cli.common import CannotRun
from seqdsl.cli.writing import STANDARD_OUTPUT, print_written, refuse_overwrite, write_whole
from seqdsl.lowering.compiled import uncalled
from seqdsl.project.files import STANDARD_INPUT, reason
from seqdsl.targets import write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.lowering.compiled import CompiledModel

_SEPARATORS = tuple({"/", os.sep})


class Destination(NamedTuple):
    """What ``-o`` names: a file, or a folder if there is one or the name ends with a separator."""

    path: Path
    is_folder: bool

    @property
    def is_new_folder(self) -> bool:
        """Whether several models go into a folder of that name, which is made."""
        return not (self.is_folder or self.path.suffix or os.path.exists(self.path))

    def is_folder_for(self, models: Sequence[CompiledModel]) -> bool:
        """Whether these models go into a folder: several always do."""
        return self.is_folder or len(models) > 1


def _destination(
    context: click.Context, option: click.Parameter, value: str | None
) -> Destination | None:
    """The destination that a text names; a folder need not exist. ``None``: standard output."""
    # -o -      standard output
    # -o ./-    a file, or a folder, of that name
    if value is None or value == STANDARD_OUTPUT:
        return None
    return Destination(Path(value), value.endswith(_SEPARATORS) or os.path.isdir(value))


model_option = click.option(
    "--model", "name", metavar="NAME", help="Model to use, if the file has several."
)


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(),
    callback=_destination,
    help="Output file, or a folder for several models; - is standard output (the default).",
)


def chosen(models: Sequence[CompiledModel], name: str | None, path: str) -> list[CompiledModel]:
    """The model that ``--model`` names; all of them without it.

    Raises:
        click.UsageError: the file at ``path`` holds no model of that name, or two of them.
    """
    matching = [model for model in models if name in (None, model.name)]
    if not matching:
        names = ", ".join(model.name for model in models)
        raise click.UsageError(f"{_shown(path)} has no model {name!r}: choose from {names}")
    if name is not None and len(matching) > 1:
        raise click.UsageError(f"{_shown(path)} has {len(matching)} models {name!r}: rename one")
    return matching


def without_called(
    models: Sequence[CompiledModel], destination: Destination | None
) -> list[CompiledModel]:
    """The models that are written: of a file whose models call each other, to one place the one that calls the others.

    Args:
        models: one or more.
        destination: what ``-o`` names; ``None``: standard output.
    """
    # -o models/     sentence.py, document.py
    # -o model.py    document.py, in which `sentence` is written, too
    is_one = destination is None or not (destination.is_folder or destination.is_new_folder)
    return uncalled(models) if is_one else list(models)


def places(
    models: Sequence[CompiledModel],
    destination: Destination,
    path: str,
    file_name: Callable[[CompiledModel], str],
) -> dict[Path, CompiledModel]:
    """The file that each model goes to; none of them is the file that is read.

    Args:
        models: one or more.
        destination: what ``-o`` names.
        path: the file, or ``-``, that the models were read from.
        file_name: the name of a model's file in a folder.

    Raises:
        click.UsageError: several models would go to one file, or a file to write is the one that is read.
    """
    # -o models/, or a folder `models`    models/NAME.py for each model, and for a single one
    # -o models, several models           a new folder, models/NAME.py
    # -o five.py, several models          refused
    # -o five.py, one model               that file
    output = destination.path
    is_folder = destination.is_folder_for(models)
    # `-o five.py` for five models means one file; a folder of that name would be a surprise.
    if is_folder and not destination.is_folder and not destination.is_new_folder:
        raise click.UsageError(too_many(models, path))
    files: dict[Path, CompiledModel] = {}
    for model in models:
        file = output / file_name(model) if is_folder else output
        # Modules of `a-b` and `a_b` have the same name, drawings only those of two models of one name.
        if file in files:
            raise click.UsageError(f"{_shown(path)} has two models for {file}: rename one")
        files[file] = model
    refuse_overwrite([model.file for model in models], files)
    return files


def too_many(models: Sequence[CompiledModel], path: str) -> str:
    """Why several models do not fit into one place."""
    many = f"{_shown(path)} has {len(models)} models"
    return f"{many}: choose one with --model, or give a folder with -o"


def _shown(path: str) -> str:
    return "standard input" if path == STANDARD_INPUT else path


def module_name(model: CompiledModel) -> str:
    """The name of a model's Python file, which can be imported."""
    return f"{model.name.replace('-', '_')}.py"


def write_sources(
    models: Sequence[CompiledModel], target: str, destination: Destination | None, path: str
) -> None:
    """Write the source of every model to a file, a folder or standard output, and say which files were written.

    Raises:
        CannotRun: a file cannot be written.
        click.UsageError: there is no room for several models, or a file to write is the one that is read.
    """
    if destination is None:
        if len(models) > 1:
            raise click.UsageError(too_many(models, path))
        click.echo(_source(models[0], target), nl=False)
        return
    files = places(models, destination, path, module_name)
    written = {file: _source(model, target).encode() for file, model in files.items()}
    write_all(written, make_folder=destination.is_folder_for(models))


def _source(model: CompiledModel, target: str) -> str:
    """The source of a model; what people may miss in it is told beside it."""
    module = write(model.spec, target)
    if module.lacks:
        click.echo(f"{model.name}: {module.lacks}", err=True)
    return module.source


def write_all(files: dict[Path, bytes], *, make_folder: bool) -> None:
    """Write files and say so; the folder of several is made if there is none.

    Raises:
        CannotRun: one of them cannot be written.
    """
    for file, data in files.items():
        if make_folder:
            _make_folder(file.parent)
        write_whole(file, data)
        print_written(file)


def _make_folder(folder: Path) -> None:
    if os.path.lexists(folder):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"{folder}: {reason(error)}") from error
