"""``seqdsl verify``: generated models, instantiated and held against their pictures."""

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
    plural,
    settings_for,
)
from seqdsl.cli.target_name import TARGET_NAME
from seqdsl.project.config import LONGEST, MOST_JOBS
from seqdsl.targets import TARGETS
from seqdsl.verify.check_names import CHECKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.pipeline import Analysis
    from seqdsl.project.config import Settings
    from seqdsl.verify.report import Report


def _size(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:

    from seqdsl.sandbox.memory_limit import parse_size

    try:
        return parse_size(value) if value is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@paths_argument
@click.option(
    "--to",
    "targets",
    type=TARGET_NAME,
    multiple=True,
    help="The framework; default: all.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit", "sarif", "github"]),
    default="text",
    show_default=True,
    help="How to print what was found.",
)
@click.option(
    "--timeout",
    type=Seconds(min=1, max=LONGEST),
    metavar="SECONDS",
    help="Processor time that a model may take in one framework, and ten times that on the clock.  [default: 60]",
)
@click.option(
    "--memory",
    callback=_size,
    metavar="SIZE",
    help="What a model may take in one framework, such as 2GiB; any if left out.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1, max=MOST_JOBS),
    metavar="N",
    help="Worker processes for each framework; as many as pay off if left out.",
)
@click.option(
    "--check",
    "checks",
    type=click.Choice(CHECKS),
    multiple=True,
    help="A promise to hold the models to; all if left out.",
)
@click.option(
    "--against",
    metavar="MODULE:FUNCTION",
    help="Hold the Keras or PyTorch model that your own function builds against the picture.",
)
@click.option(
    "--changed-only", is_flag=True, help="Skip what was verified before; see .seqdsl_cache."
)
@findings_options
@click.pass_context
def verify(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    form: str,
    changed_only: bool,
    checks: tuple[str, ...],
    against: str | None,
    **options: Any,
) -> None:
    """Generate models, instantiate them and hold them against their pictures.

    Pictures are .seq files, and the seq blocks of Markdown and Python files that are named.

    \b
      seqdsl verify examples
      seqdsl verify examples/stacked.seq README.md --to torch
      seqdsl verify examples --changed-only -j 2
      seqdsl verify picture.seq --against package.models:build
    """
    need_frameworks()
    need_temporary_folder()
    settings = settings_for(paths, **options)
    analyses = analyze_all(paths, settings)
    models = models_of(analyses)
    if not models and exit_code(analyses) == CLEAN:
        raise CannotRun("there is nothing to verify")
    wanted = settings.targets or TARGETS
    promises = [check for check in CHECKS if check in (checks or CHECKS)]
    if against is not None:
        wanted = (_framework(against, options["targets"]),)
        report = _held(models, against, wanted[0], promises, settings)
    else:
        report = _verified(models, wanted, promises, settings, changed_only)
    _show(analyses, models, wanted, report, form)
    if any(item.check == "import" for item in report.failures):
        context.exit(FAILED)
    found = exit_code(analyses, strict=settings.strict)
    context.exit(max(found, PROBLEMS if report.failures else CLEAN))


def _framework(against: str, asked: Sequence[str]) -> str:
    """The framework of somebody's own model."""
    if not against.strip():
        raise click.UsageError("--against names no module")
    from seqdsl.verify.against import framework_of

    if len(asked) == 1:
        return asked[0]
    found = framework_of(against)
    if found is None:
        raise click.UsageError(f"say with --to which framework {against} is for")
    return found


def _held(
    models: Sequence[CompiledModel],
    against: str,
    target: str,
    checks: Sequence[str],
    settings: Settings,
) -> Report:
    """The promises of one picture, kept by somebody's own model or not."""
    from seqdsl.verify.against import factory_job
    from seqdsl.verify.lane import TIMEOUT
    from seqdsl.verify.oracle_worker import OracleWorker
    from seqdsl.verify.pool import verify_jobs

    if len(models) != 1:
        raise click.UsageError(f"--against takes one picture; here are {len(models)}")
    limits = settings.timeout or TIMEOUT, settings.memory
    with closing(OracleWorker(*limits)) as oracle:
        job = factory_job(models[0], against, target, checks, oracle)
    return verify_jobs([job], timeout=limits[0], memory=limits[1])


def _verified(
    models: list[CompiledModel],
    targets: Sequence[str],
    checks: Sequence[str],
    settings: Settings,
    changed_only: bool,
) -> Report:
    from seqdsl.cli import terminal
    from seqdsl.verify import pool
    from seqdsl.verify.lane import TIMEOUT

    limits: dict[str, Any] = {
        "checks": checks,
        "timeout": settings.timeout or TIMEOUT,
        "memory": settings.memory,
        "workers": settings.jobs,
    }
    with terminal.progress(len(models) * len(targets)) as advance:
        if not changed_only:
            return pool.verify(models, targets, progress=advance, **limits)
        from seqdsl.verify.cache import Cache
        from seqdsl.verify.changed_only import verify_changed

        cache = Cache(settings.root, targets)
        return verify_changed(models, targets, cache, progress=advance, **limits)


def _show(
    analyses: Sequence[Analysis],
    models: Sequence[CompiledModel],
    targets: Sequence[str],
    report: Report,
    form: str,
) -> None:
    outcome = _outcome(models, targets, report)
    if form != "text":
        from seqdsl.reports import render

        click.echo(render(form, analyses, report), nl=form != "github")
        if form == "github":
            click.echo(outcome)
        return
    from seqdsl.cli import terminal

    terminal.show_findings(analyses)
    if models:
        terminal.show_report(models, targets, report)
    click.echo(f"\n{outcome}")


def _outcome(models: Sequence[CompiledModel], targets: Sequence[str], report: Report) -> str:
    if not report.results:
        return "nothing was verified"
    verdict = f"{len(report.failures)} failed" if report.failures else "all passed"
    known = len({(item.file, item.line, item.model) for item in report.results if item.cached})
    skipped = f" ({plural(known, 'model')} verified before)" if known else ""
    numbers = (
        plural(len(models), "model"),
        plural(len(targets), "framework"),
        plural(len(report.results), "check"),
    )
    return f"{', '.join(numbers)}: {verdict}{skipped}"
