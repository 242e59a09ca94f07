"""``seqdsl draw``: pictures as people draw them in papers, and in other tools' languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqdsl.tools.common import CLEAN, PROBLEMS, CannotRun, analyze_all, exit_code, models_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.draw.themes import ThemeName
    from seqdsl.pipeline import Model

FORMS = ("svg", "png", "dot", "mmd", "txt")
_STANDARD_OUTPUT = Path("-")


@click.command()
@click.argument("path", metavar="FILE|-")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    default=_STANDARD_OUTPUT,
    help="Where to write; for several models a folder. Standard output if left out.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="What to write; by the ending of the output if left out, else svg.",
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="The colours of svg and png; auto follows the reader's system, and is light in png.",
)
@click.option("--model", "name", metavar="NAME", help="The one to draw, of a file of several.")
@click.pass_context
def draw(
    context: click.Context,
    path: str,
    output: Path,
    form: str | None,
    theme: ThemeName,
    name: str | None,
) -> None:
    """Draw a picture's network with its layers, shapes and topology.

    svg and png are drawings, dot (Graphviz) and mmd (Mermaid) diagrams for other tools, txt the picture itself.

    \b
      seqdsl draw examples/stacked.seq -o stacked.svg
      seqdsl draw examples/stacked.seq -o stacked.png --theme dark
      seqdsl draw examples/karpathy-five.seq -o drawings
      cat picture.seq | seqdsl draw - --format mmd
    """
    from seqdsl.tools import terminal

    analyses = analyze_all((path,))
    terminal.show_findings(analyses, to_error=True)
    models = models_of(analyses)
    if exit_code(analyses) != CLEAN or not models:
        context.exit(PROBLEMS)
    models = _chosen(models, name, path)
    into_folder = output.is_dir() or (len(models) > 1 and not output.suffix)
    if len(models) > 1 and (not into_folder or output == _STANDARD_OUTPUT or output.is_file()):
        raise click.UsageError(
            f"{path} holds {len(models)} models: choose one with --model, or give a folder with -o"
        )
    wanted = form or _form_of(output, into_folder)
    if not into_folder:
        _write(models[0], output, wanted, theme)
        return
    for model in models:
        _write(model, output / f"{model.name}.{wanted}", wanted, theme)


def _chosen(models: Sequence[Model], name: str | None, path: str) -> list[Model]:
    found = [model for model in models if name in (None, model.name)]
    if not found:
        known = ", ".join(model.name for model in models)
        raise click.UsageError(f"{path} holds no model {name!r}: choose one of {known}")
    names = [model.name for model in found]
    for twice in sorted({item for item in names if names.count(item) > 1}):
        raise click.UsageError(f"two models are called {twice}: draw their files one by one")
    return found


def _form_of(output: Path, into_folder: bool) -> str:
    """The form that the ending of a file asks for."""
    if into_folder or output == _STANDARD_OUTPUT:
        return "svg"
    ending = output.suffix.lower().removeprefix(".")
    if ending not in FORMS:
        raise click.UsageError(
            f"cannot tell from {output} what to write: end it with one of "
            f"{', '.join(f'.{item}' for item in FORMS)}, or give --format"
        )
    return ending


def _write(model: Model, output: Path, form: str, theme: ThemeName) -> None:
    from seqdsl.draw.png import CannotRender
    from seqdsl.tools import terminal

    try:
        drawn = model.draw(form, theme)
    except (ImportError, CannotRender) as error:
        raise CannotRun(str(error)) from error
    data = drawn.encode() if isinstance(drawn, str) else drawn
    if output == _STANDARD_OUTPUT:
        if form == "png" and terminal.is_terminal():
            raise click.UsageError("png is no text for a terminal: give a file with -o")
        click.echo(data, nl=False)
        return
    try:
        if not output.parent.exists():
            output.parent.mkdir(parents=True)
        output.write_bytes(data)
    except OSError as error:
        raise CannotRun(f"{output}: {(error.strerror or str(error)).lower()}") from error
