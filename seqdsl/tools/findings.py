"""findings → findings: which warnings count, by ``--select``, ``--ignore`` and ``--strict``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from seqdsl.diagnostics import Diagnostic
    from seqdsl.explain.arrays import Array
    from seqdsl.pipeline import Analysis

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def findings_options(command: _Command) -> _Command:
    """The options ``select``, ``ignore`` and ``strict`` of a command."""
    for option in (
        click.option("--strict", is_flag=True, help="Treat warnings as errors."),
        click.option(
            "--ignore",
            metavar="CODES",
            multiple=True,
            callback=_codes,
            help="Warnings to leave out: codes or their beginnings, with commas between (SEQ406,SEQ1).",
        ),
        click.option(
            "--select",
            metavar="CODES",
            multiple=True,
            callback=_codes,
            help="The only warnings to show; errors are always shown.",
        ),
    ):
        command = option(command)
    return command


def data_options(command: _Command) -> _Command:
    """The options ``data`` and ``target`` of a command."""
    for name, what in (("target", "an output's target"), ("data", "an input's data")):
        command = click.option(
            f"--{name}",
            metavar="SHAPE",
            multiple=True,
            callback=_arrays,
            help=f"The shape of {what}, samples first: 1000,20,4 or NAME=1000,20,4. May be repeated.",
        )(command)
    return command


def _arrays(context: click.Context, option: click.Parameter, values: Sequence[str]) -> list[Array]:
    if not values:
        return []
    from seqdsl.explain.arrays import read_array

    try:
        return [read_array(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def held_against(
    analyses: Sequence[Analysis], data: Sequence[Array], targets: Sequence[Array]
) -> Sequence[Analysis]:
    """The analyses, with what does not fit between their models and some arrays among the findings."""
    if not data and not targets:
        return analyses
    from dataclasses import replace

    from seqdsl.explain.data import data_findings

    return [
        replace(
            analysis,
            diagnostics=(
                *analysis.diagnostics,
                *(
                    item
                    for model in analysis.models
                    for item in data_findings(model.spec, data, targets)
                ),
            ),
        )
        for analysis in analyses
    ]


def _codes(context: click.Context, option: click.Parameter, values: Sequence[str]) -> list[str]:
    """The codes of an option; an unknown one is a slip of the pen, not silence."""
    from seqdsl.codes import CODES

    codes = [code.strip() for value in values for code in value.split(",") if code.strip()]
    for code in codes:
        known = [name for name in CODES if name.startswith(code)]
        if not known:
            raise click.BadParameter(f"there is no code {code!r}; docs/errors.md lists them")
        if all(CODES[name].severity == "error" for name in known):
            raise click.BadParameter(f"{code} is an error, and errors are always shown")
    return codes


def filter_findings(
    diagnostics: Iterable[Diagnostic], select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> list[Diagnostic]:
    """Leave out warnings; errors always stay.

    Args:
        diagnostics: the findings.
        select: codes, or their beginnings, of the only warnings to keep; empty: all.
        ignore: codes, or their beginnings, of warnings to leave out.
    """
    return [
        item
        for item in diagnostics
        if item.is_error
        or (
            item.code.startswith(tuple(select) or ("",)) and not item.code.startswith(tuple(ignore))
        )
    ]


def judge(
    analyses: Iterable[Analysis],
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    strict: bool = False,
) -> list[Analysis]:
    """The same analyses with the findings that count; if ``strict``, all of them errors."""
    from dataclasses import replace

    judged = []
    for analysis in analyses:
        kept = filter_findings(analysis.diagnostics, select, ignore)
        if strict:
            kept = [replace(item, strict=True) for item in kept]
        judged.append(replace(analysis, diagnostics=tuple(kept)))
    return judged
