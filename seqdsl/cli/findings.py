"""findings → findings: what real data adds to them, and what ``--strict`` makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from seqdsl.explain.arrays import Array
    from seqdsl.pipeline import Analysis

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def data_options(command: _Command) -> _Command:
    """The options ``data`` and ``target`` of a command."""
    # The one that is applied last is listed first.
    for name, what in (("target", "an output's target"), ("data", "an input's data")):
        command = click.option(
            f"--{name}",
            metavar="SHAPE|FILE",
            multiple=True,
            callback=_arrays,
            help=f"Shape of {what}, samples first: 1000,20,4 or NAME=1000,20,4; or a file that has it: x.npy, "
            "data.npz:KEY, data.safetensors:KEY. May be repeated.",
        )(command)
    return command


def _arrays(context: click.Context, option: click.Parameter, values: Sequence[str]) -> list[Array]:
    if not values:
        return []
    try:
        return [_array(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _array(text: str) -> Array:
    """The shape that a text is, or that the header of the file it names has."""
    from seqdsl.explain.arrays import Array, read_array
    from seqdsl.project.array_files import is_array_file, read_header

    name, _, file = text.partition("=")
    if not is_array_file(text):
        return read_array(text)
    # `x=train.npz:x`; but a file's name may have an equals sign as well.
    if name.strip().isidentifier() and is_array_file(file):
        return Array(name.strip(), read_header(file).shape)
    return Array(None, read_header(text).shape)


def with_data_findings(
    analyses: Sequence[Analysis], data: Sequence[Array], targets: Sequence[Array]
) -> Sequence[Analysis]:
    """The analyses, with what does not fit between their models and some arrays among the findings.

    A model that another one calls is a layer of that one, and given no data.
    """
    if not data and not targets:
        return analyses
    from dataclasses import replace

    from seqdsl.explain.data import data_findings
    from seqdsl.lowering.compiled import uncalled

    return [
        replace(
            analysis,
            diagnostics=(
                *analysis.diagnostics,
                *(
                    item
                    for model in uncalled(analysis.models)
                    for item in data_findings(model.spec, data, targets)
                ),
            ),
        )
        for analysis in analyses
    ]


def strictly(analyses: Iterable[Analysis]) -> list[Analysis]:
    """The same analyses, all their findings errors."""
    from dataclasses import replace

    return [
        replace(
            analysis,
            diagnostics=tuple(replace(item, strict=True) for item in analysis.diagnostics),
        )
        for analysis in analyses
    ]
