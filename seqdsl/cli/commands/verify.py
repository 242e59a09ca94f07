"""``seqdsl verify``: generated models, built and checked against their pictures."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from seqdsl.cli.common import (
    CLEAN,
    FAILED,
    PROBLEMS,
    CannotRun,
    Seconds,
    analyze_all,
    exit_code,
    findings_options,
    models_of,
    need_frameworks,
    need_temporary_folder,
    paths_argument,
    settings_for,
)
from seqdsl.cli.logits import logits_option, those_giving_logits
from seqdsl.cli.model_texts import model_options
from seqdsl.cli.shard import Shard, ShardType
from seqdsl.cli.target_name import TARGET_NAME
from seqdsl.project.config import LONGEST, MOST_JOBS
from seqdsl.targets import TARGETS
from seqdsl.verify.check_names import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.pipeline import Analysis
    from seqdsl.project.config import Settings
    from seqdsl.verify.report import Progress, Report


def _size(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    from seqdsl.sandbox.memory_limit import parse_size

    try:
        return parse_size(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@paths_argument
@click.option(
    "--to", "targets", type=TARGET_NAME, multiple=True, help="The framework (default: all)."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit", "sarif", "github"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option(
    "--timeout",
    type=Seconds(min=1, max=LONGEST),
    metavar="SECONDS",
    help="Time limit per model and framework: processor time, and ten times that of wall-clock time.  "
    "[default: 60]",
)
@click.option(
    "--memory",
    callback=_size,
    metavar="SIZE",
    help="Memory limit per model and framework, such as 2GiB (default: none).",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1, max=MOST_JOBS),
    metavar="N",
    help="Worker processes for each framework (default: automatic).",
)
@click.option(
    "--check",
    "checks",
    type=click.Choice(CHECKS),
    multiple=True,
    help="Run only this check (default: all). May be repeated.",
)
@click.option(
    "--against",
    metavar="MODULE:FUNCTION",
    help="Check the Keras or PyTorch model that your own function builds against the picture.",
)
@logits_option
@click.option(
    "--changed-only",
    is_flag=True,
    help="Skip models that were verified before (kept in .seqdsl_cache).",
)
@click.option(
    "--shard",
    type=ShardType(),
    metavar="I/N",
    help="Verify the I-th of N parts of the files, to divide the work among machines.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print findings and failures only.")
@findings_options
@model_options
@click.pass_context
def verify(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    form: str,
    shard: Shard | None,
    logits: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Build the models and check them against their pictures.

    Pictures are .seq files, and the seq blocks of Markdown and Python files that are given by name.

    \b
      seqdsl verify examples
      seqdsl verify examples/stacked.seq README.md --to torch
      seqdsl verify examples --changed-only -j 2
      seqdsl verify examples --shard 1/4
      seqdsl verify examples/text-cnn.seq --logits
      seqdsl verify picture.seq --against package.models:build
    """
    need_frameworks()
    need_temporary_folder()
    run = {name: options.pop(name) for name in ("checks", "against", "changed_only")}
    settings = settings_for(paths, **options)
    analyses = analyze_all(paths, settings)
    if shard is not None:
        analyses = shard.of(analyses)
    models = models_of(analyses)
    if not models and exit_code(analyses) == CLEAN:
        if shard is None:
            raise CannotRun("nothing to verify")
        click.echo(f"shard {shard}: nothing to verify", err=True)
    if logits and models:
        models = those_giving_logits(models)
    if form == "text":
        from seqdsl.cli import terminal

        # Before the models, which may take minutes.
        terminal.show_findings(analyses)
    wanted, report = _results(models, settings, options["targets"], form == "text", quiet, **run)
    _show(analyses, models, wanted, report, form, quiet=quiet)
    # Where a framework cannot be imported, or a model not written, nothing can be said of it: that is 2, not 1.
    if any(item.check in {"import", "source"} for item in report.failures):
        context.exit(FAILED)
    status = exit_code(analyses, strict=settings.strict)
    context.exit(max(status, PROBLEMS if report.failures else CLEAN))


def _results(  # noqa: PLR0913 - what the options say
    models: Sequence[CompiledModel],
    settings: Settings,
    asked: Sequence[str],
    is_text: bool,
    quiet: bool,
    *,
    checks: Sequence[str],
    against: str | None,
    changed_only: bool,
) -> tuple[Sequence[str], Report]:
    """The targets, and what the checks found in them; shown as it comes in."""
    from seqdsl.cli import terminal
    from seqdsl.cli.verify_output import Lines, show_table, watched

    wanted = settings.targets or TARGETS
    chosen = [check for check in CHECKS if check in (checks or CHECKS)]
    if against is not None:
        wanted = (_framework(against, asked),)
        _one_picture(models)
    # text on a terminal     a bar on standard error while it runs, a table at the end
    # text in a pipe         a line for each model, as soon as it and all before it are finished
    # --quiet, json, ...     on a terminal the bar
    in_lines = is_text and not quiet and bool(models) and not terminal.is_terminal()
    lines = Lines(models, wanted) if in_lines else None
    with watched(models, wanted, lines) as advance:
        if against is not None:
            report = _checked(models[0], against, wanted[0], chosen, settings, advance)
        else:
            report = _verified(models, wanted, chosen, settings, changed_only, advance)
    if lines is not None:
        lines.finish(report)
    elif is_text and not quiet and models:
        show_table(models, wanted, report)
    return wanted, report


def _framework(against: str, asked: Sequence[str]) -> str:
    """The framework of a hand-written model."""
    if not against.strip():
        raise click.UsageError("--against needs a module, as MODULE:FUNCTION")
    from seqdsl.verify.against import framework_of, missing_module

    if problem := missing_module(against):
        raise click.UsageError(problem)
    if len(asked) == 1:
        return asked[0]
    target = framework_of(against)
    if target is None:
        raise click.UsageError(
            f"cannot tell the framework of {against}: pass --to keras or --to torch"
        )
    return target


def _one_picture(models: Sequence[CompiledModel]) -> None:
    if len(models) != 1:
        raise click.UsageError(f"--against takes one picture, not {len(models)}")


def _checked(
    model: CompiledModel,
    against: str,
    target: str,
    checks: Sequence[str],
    settings: Settings,
    advance: Callable[[Progress], None] | None,
) -> Report:
    """Somebody's own model, checked against a picture."""
    from seqdsl.verify.against import factory_job
    from seqdsl.verify.lane import TIMEOUT
    from seqdsl.verify.oracle_worker import OracleWorker
    from seqdsl.verify.pool import verify_jobs

    limits = settings.timeout or TIMEOUT, settings.memory
    with closing(OracleWorker(*limits)) as oracle:
        job = factory_job(model, against, target, checks, oracle)
    return verify_jobs([job], timeout=limits[0], memory=limits[1], progress=advance)


def _verified(
    models: Sequence[CompiledModel],
    targets: Sequence[str],
    checks: Sequence[str],
    settings: Settings,
    changed_only: bool,
    advance: Callable[[Progress], None] | None,
) -> Report:
    from seqdsl.verify import pool
    from seqdsl.verify.lane import TIMEOUT

    limits: dict[str, Any] = {
        "checks": checks,
        "timeout": settings.timeout or TIMEOUT,
        "memory": settings.memory,
        "workers": settings.jobs,
        "progress": advance,
    }
    if not changed_only:
        return pool.verify(models, targets, **limits)
    from seqdsl.verify.cache import Cache
    from seqdsl.verify.changed_only import verify_changed

    return verify_changed(models, targets, Cache(settings.root, targets), **limits)


def _show(
    analyses: Sequence[Analysis],
    models: Sequence[CompiledModel],
    targets: Sequence[str],
    report: Report,
    form: str,
    *,
    quiet: bool,
) -> None:
    from seqdsl.cli.verify_output import show_reasons, verdict

    if form == "text":
        show_reasons(report)
        ending = f"\n{verdict(models, targets, report)}"
    else:
        from seqdsl.reports import render

        # GitHub's commands end with a line end, or are nothing at all.
        click.echo(render(form, analyses, report), nl=form != "github")
        ending = verdict(models, targets, report) if form == "github" else ""
    if ending and not quiet:
        click.echo(ending)
