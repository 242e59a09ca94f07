"""analyses → those of the free runs: what ``--free-run`` shows in place of the models as trained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from seqdsl.cli.common import CannotRun

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.pipeline import Analysis


def free_run_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--free-run``."""
    return click.option(
        "--free-run",
        is_flag=True,
        help="Show the model as it runs free: what `feedback=` feeds back is drawn as delayed nodes.",
    )(function)


def as_run(analyses: Sequence[Analysis], *, free_run: bool) -> list[Analysis]:
    """The models as trained, or, if those are wanted, the free runs of all that have an input that is fed back.

    Raises:
        CannotRun: there is none, or one of them cannot be drawn.
    """
    if not free_run:
        return list(analyses)
    # Texts with errors are reported as they are: without the model as trained there is no free run of it.
    wrong = list(filter(_is_wrong, analyses))
    if wrong:
        return wrong
    pairs = [(item, model) for item in analyses for model in item.models if _is_fed(model)]
    if not pairs:
        raise CannotRun("no model has a free run: no input has `feedback=`")
    return [_free_run(analysis, model) for analysis, model in pairs]


def _is_wrong(analysis: Analysis) -> bool:
    return any(found.is_error for found in analysis.diagnostics)


def _is_fed(model: CompiledModel) -> bool:
    return any(item.feedback is not None for item in model.inputs)


def _free_run(analysis: Analysis, model: CompiledModel) -> Analysis:
    from seqdsl.layout.free_run import NotDrawn, free_run_text
    from seqdsl.pipeline import analyze

    pictures = analysis.document.pictures
    picture = next(item for item in pictures if item.rows[0].line == model.lines[0])
    try:
        text = free_run_text(picture, model, pictures)
    except NotDrawn as error:
        raise CannotRun(str(error)) from error
    drawn = analyze(text, f"{model.file} (free run)")
    problem = next((item.message for item in drawn.diagnostics if item.is_error), None)
    if problem is not None:
        # A loop does not take all that a free run does: causal attention by a named row, states of calls.
        raise CannotRun(f"the free run of `{model.name}` cannot be drawn: {problem}")
    # What it calls is in the text, and is no free run.
    return replace(drawn, models=drawn.models[-1:])
