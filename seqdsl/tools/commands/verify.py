"""``seqdsl verify``: generated models, instantiated and held against their pictures."""

from __future__ import annotations

import click

from seqdsl.tools.common import (
    CLEAN,
    FAILED,
    PROBLEMS,
    TARGETS,
    analyze_all,
    exit_code,
    models_of,
    paths_argument,
    plural,
)


@click.command()
@paths_argument
@click.option(
    "--to",
    "targets",
    type=click.Choice(TARGETS),
    multiple=True,
    help="The framework; both if left out.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print what was found.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=60.0,
    show_default=True,
    help="Seconds that a model may take in one framework.",
)
@click.pass_context
def verify(
    context: click.Context,
    paths: tuple[str, ...],
    targets: tuple[str, ...],
    form: str,
    timeout: float,
) -> None:
    """Generate models, instantiate them and hold them against their pictures.

    \b
      seqdsl verify examples
      seqdsl verify examples/stacked.seq --to keras --to torch
    """
    from seqdsl.tools import terminal
    from seqdsl.verify.pool import verify as run

    analyses = analyze_all(paths)
    models = models_of(analyses)
    wanted = list(dict.fromkeys(targets)) or list(TARGETS)
    with terminal.progress(len(models) * len(wanted)) as advance:
        report = run(models, wanted, timeout=timeout, progress=advance)
    if form == "json":
        from seqdsl.tools.json_report import report as as_json

        click.echo(as_json(analyses, report))
    else:
        terminal.show_findings(analyses)
        if models:
            terminal.show_report(models, wanted, report)
        click.echo(
            f"\n{_outcome(len(models), len(wanted), len(report.results), len(report.failures))}"
        )
    if any(item.check == "import" for item in report.failures):
        context.exit(FAILED)
    context.exit(max(exit_code(analyses), CLEAN if not report.failures else PROBLEMS))


def _outcome(models: int, frameworks: int, checks: int, failures: int) -> str:
    verdict = f"{failures} failed" if failures else "all passed"
    return f"{plural(models, 'model')}, {plural(frameworks, 'framework')}, {plural(checks, 'check')}: {verdict}"
