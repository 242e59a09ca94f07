"""``seqdsl new``: the pictures that fit given shapes, and their files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seqdsl.cli.common import CLEAN, PROBLEMS, CannotRun
from seqdsl.cli.parameters import CatalogueName
from seqdsl.cli.writing import STANDARD_OUTPUT, print_written, write_whole

if TYPE_CHECKING:
    from seqdsl.catalogue.draw import Wanted
    from seqdsl.catalogue.entry import Entry
    from seqdsl.catalogue.shapes import Port

_CHANNELS = range(1, 5)
"""How many channels an image usually has: gray, with transparency, colors, colors with transparency."""
_SIZE = click.IntRange(min=1, max=1_000_000)


class _Shape(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic in new versions of click
    """A shape without the batch, such as ``20,4``."""

    name = "shape"

    def convert(
        self, value: str | Port, param: click.Parameter | None, ctx: click.Context | None
    ) -> Port:
        """The shape that a text is."""
        from seqdsl.catalogue.shapes import BadShape, parse
        from seqdsl.project.array_files import BadArrayFile, is_array_file

        if not isinstance(value, str):
            return value
        try:
            return _port_of_file(value) if is_array_file(value) else parse(value)
        except (BadShape, BadArrayFile) as error:
            self.fail(str(error), param, ctx)


def _port_of_file(text: str) -> Port:
    """The shape of an array in a file, without its samples.

    Raises:
        BadArrayFile: it cannot be read.
        BadShape: the shape alone does not tell what is meant.
    """
    from seqdsl.catalogue.shapes import BadShape, parse
    from seqdsl.project.array_files import read_header

    array = read_header(text)
    match array.shape:
        case (_, steps) if array.is_whole:
            raise BadShape(
                f"{text} holds whole numbers, {steps} a sample: give {steps},tokens:SIZE if they are token ids "
                f"less than SIZE, or {steps} for a vector"
            )
        case (_, features):
            return parse(str(features))
        case (_, steps, features):
            return parse(f"{steps},{features}")
        case (_, *_, first, _, last) if len(array.shape) in (4, 5) and _are_channels(first, last):
            raise BadShape(
                f"{text} has the shape {array.shape}, which seems to have its {first} channels before height and "
                f"width: a shape has them last, {_image(array.shape)}"
            )
        case (_, height, width, channels):
            return parse(f"{height},{width},{channels}")
        case (_, steps, height, width, channels):
            return parse(f"{steps}x{height},{width},{channels}")
        case (_,):
            raise BadShape(
                f"{text} has one number a sample: give 1, or the number of classes if it is a class"
            )
    raise BadShape(
        f"{text} has the shape {array.shape}: samples, steps, height, width and features are what can be drawn"
    )


def _are_channels(first: int, last: int) -> bool:
    """Whether an axis before height and width looks like channels: few, where there are many behind."""
    return first in _CHANNELS and last not in _CHANNELS


def _image(shape: tuple[int, ...]) -> str:
    """The shape that is to be given for an array of images with their channels first."""
    # (1000, 20, 3, 64, 48): 20x64,48,3
    *samples_and_steps, channels, height, width = shape
    steps = "".join(f"{count}x" for count in samples_and_steps[1:])
    return f"{steps}{height},{width},{channels}"


@click.command()
@click.argument("name", required=False, type=CatalogueName())
@click.option(
    "--input",
    "inputs",
    type=_Shape(),
    multiple=True,
    help="Shape of an input without the batch, once for each input: 20,4 (20 steps of 4 features), 4 (a vector), "
    "*,4 (any number of steps), 20,tokens:5000 (20 of 5000 words), tokens:10 (one label of 10), "
    "20x28,28,1 (20 images of 28 by 28 and 1 channel), 28,28,1 (one image), 20x12,tokens:5000 (20 steps of 12 words); "
    "or a file of samples that has it: x.npy, data.npz:KEY, data.safetensors:KEY.",
)
@click.option(
    "--output",
    "outputs",
    type=_Shape(),
    multiple=True,
    help="Shape of an output, once for each output. Inputs and outputs may be given in any order.",
)
@click.option(
    "--steps", metavar="N[,N]", help="Number of steps of the inputs, and of the outputs, of NAME."
)
@click.option("--features", type=_SIZE, help="Features of the inputs of NAME.")
@click.option("--units", type=_SIZE, help="Units of the layers between input and output.")
@click.option(
    "-o", "file", metavar="FILE|-", help="Output file; - is standard output (default: NAME.seq)."
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.pass_context
def new(  # noqa: PLR0913, PLR0917 - each option is an argument
    context: click.Context,
    /,
    name: str | None,
    inputs: tuple[Port, ...],
    outputs: tuple[Port, ...],
    steps: str | None,
    features: int | None,
    units: int | None,
    file: str | None,
    force: bool,
) -> None:
    """List pictures for given shapes, or write one.

    Without arguments it lists the catalog. Shapes are without the batch.

    \b
      seqdsl new --input 20,4 --output 25,1
      seqdsl new --input 20,4 --output 20,5 --output 1
      seqdsl new encoder-decoder --steps 20,25 --features 4
      seqdsl new many-to-one --input '*,tokens:5000' --output 2 -o -
    """
    # seqdsl new                                 lists the catalogue
    # seqdsl new --input 20,4 --output 5         lists what of it fits
    # seqdsl new NAME --input 20,4 --output 5    writes that picture in these shapes
    # seqdsl new NAME --steps 20                 writes it with this length, the rest as in the catalogue
    if (inputs or outputs) and (steps or features):
        raise click.UsageError(
            "--steps and --features cannot be combined with --input and --output"
        )
    wanted = _of_shapes(inputs, outputs, units)
    if name is None and (file or force or steps or features):
        raise click.UsageError(
            "--steps, --features, --force and -o need a NAME; run `seqdsl new` for the list"
        )
    if name is None:
        context.exit(_show(wanted))
    entry = _entry(name)
    text = _of_steps(entry, steps, features, units) if wanted is None else _fitting(entry, wanted)
    _write(text, file or f"{name}.seq", force=force)


def _of_shapes(
    inputs: tuple[Port, ...], outputs: tuple[Port, ...], units: int | None
) -> Wanted | None:
    """What the shapes say, if any are given."""
    from seqdsl.catalogue.draw import Wanted

    if not inputs and not outputs:
        return None
    if not inputs or not outputs:
        raise click.UsageError("give both --input and --output")
    for output in outputs:
        if output.vocabulary is not None:
            numbers = str(output).replace("tokens:", "")
            raise click.UsageError(
                f"an output is numbers: for a choice among {output.vocabulary} words give --output {numbers}"
            )
    return Wanted(inputs, outputs, units)


def _show(wanted: Wanted | None) -> int:
    """Print the catalogue, or what of it fits."""
    from seqdsl.catalogue import listing
    from seqdsl.catalogue.fit import candidates
    from seqdsl.cli import terminal

    columns = terminal.text_width(listing.WIDTH)
    if wanted is None:
        click.echo(listing.overview(columns))
        return CLEAN
    fitting = candidates(wanted)
    text = listing.listing(wanted, fitting, columns) if fitting else listing.nothing(wanted)
    click.echo(_encodable(text))
    return CLEAN if fitting else PROBLEMS


def _encodable(text: str) -> str:
    """The text with arrows that standard output can show: not every terminal has UTF-8."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return text.replace("→", "->")
    return text


def _fitting(entry: Entry, wanted: Wanted) -> str:
    """The file of a picture that has exactly these shapes."""
    from seqdsl.catalogue.fit import NoFit, candidate

    try:
        drawn = candidate(entry, wanted)
    except NoFit as error:
        raise CannotRun(str(error)) from error
    if drawn.wanted != wanted:
        click.echo(_encodable(f"in this order: {drawn.wanted}"), err=True)
    return drawn.text


def _of_steps(entry: Entry, steps: str | None, features: int | None, units: int | None) -> str:
    """The file of a picture of which only lengths and widths are given."""
    from seqdsl.catalogue.fit import NoFit, compiled
    from seqdsl.catalogue.named import by_steps
    from seqdsl.catalogue.shapes import BadShape

    try:
        return compiled(entry, by_steps(entry, steps, features, units)).text
    except (NoFit, BadShape) as error:
        raise CannotRun(str(error)) from error


def _entry(name: str) -> Entry:
    from difflib import get_close_matches

    from seqdsl.catalogue.entries import BY_NAME

    if name in BY_NAME:
        return BY_NAME[name]
    near = get_close_matches(name, BY_NAME, n=1)
    hint = f"did you mean {near[0]}?" if near else "run `seqdsl new` for the list"
    raise CannotRun(f"unknown picture `{name}`: {hint}")


def _write(text: str, file: str, *, force: bool) -> None:
    if file == STANDARD_OUTPUT:
        click.echo(text, nl=False)
        return
    write_whole(Path(file), text.encode(), replace=force)
    print_written(Path(file))
