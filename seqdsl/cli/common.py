"""paths → analyses: what the commands share, their exit codes among it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, TypeVar

import click

from seqdsl.cli.parameters import Codes, File

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.pipeline import Analysis
    from seqdsl.project.config import Settings
    from seqdsl.project.files import Text, Unreadable

CLEAN, PROBLEMS, FAILED = 0, 1, 2

paths_argument = click.argument(
    "paths", nargs=-1, required=True, type=File(), metavar="FILE|DIR|-..."
)

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def findings_options(command: _Command) -> _Command:
    """The options ``select``, ``ignore`` and ``strict``: which warnings count, and for how much."""
    # As decorators are applied from the last line up, the first that is applied is the last that help lists.
    for option in (
        click.option("--strict/--no-strict", default=None, help="Treat warnings as errors."),
        click.option(
            "--ignore",
            multiple=True,
            metavar="CODES",
            type=Codes(),
            help="Ignore these warnings: SEQ401,SEQ402. May be repeated.",
        ),
        click.option(
            "--select",
            multiple=True,
            metavar="CODES",
            type=Codes(),
            help="Show only these warnings: SEQ401,SEQ402. May be repeated.",
        ),
    ):
        command = option(command)
    return command


def _color(context: click.Context, option: click.Parameter, value: str) -> str:
    context.color = {"auto": None, "always": True, "never": False}[value]
    return value


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    expose_value=False,
    callback=_color,
    help="When to color the output: auto is on a terminal only; NO_COLOR is respected.",
)


class CannotRun(click.ClickException):
    """What keeps a command from running at all."""

    exit_code = FAILED


class Seconds(click.FloatRange):
    """A number of seconds within a range; ``nan`` is neither below nor above any, and yet in none."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number that a text is."""
        seconds = float(super().convert(value, param, ctx))
        # click compares with both ends of the range: `nan < 1` and `nan > 60` are false.
        if seconds != seconds:  # noqa: PLR0124 - only nan is not itself
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return seconds


def need_frameworks() -> None:
    """Nothing can be built where there is not even numpy, which comes with each framework.

    Raises:
        CannotRun: so it is here.
    """
    try:
        import numpy  # noqa: F401
    except ImportError as error:
        advice = 'pip install "seqdsl[keras,torch]", or one of the two'
        raise CannotRun(
            f"Keras or PyTorch is needed, and neither is installed: {advice}"
        ) from error


def need_temporary_folder() -> None:
    """Models are saved to a temporary folder and loaded again.

    Raises:
        CannotRun: no such folder can be made.
    """
    from tempfile import TemporaryDirectory

    from seqdsl.project.files import reason

    try:
        with TemporaryDirectory(prefix="seqdsl-"):
            pass
    except OSError as error:
        raise CannotRun(f"cannot create a temporary folder: {reason(error)}") from error


def settings_for(paths: Iterable[str], **options: Any) -> Settings:
    """The project's settings, with what the command line says instead; what is wrong ends the run."""
    from seqdsl.project import config

    try:
        for name in ("select", "ignore"):
            options[name] = config.codes(options.get(name, ()))
        return config.settings_for(paths).given(**options)
    except (config.BadSetting, ValueError) as error:
        raise CannotRun(str(error)) from error


_OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""Nearly all that is made of a text stays until the end: to look for garbage after each 700 objects, as Python
does by itself, is a third of the time that a large text takes."""


def prepared() -> None:
    """Import all that compiling needs."""
    # Imports make a great many objects, all of which stay: to look for garbage among them, now and once more
    # when Python ends, is a fifth of the time that a small picture takes.
    gc.disable()
    from seqdsl.pipeline import analyze

    analyze("")
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()


def analyze_all(paths: Sequence[str], settings: Settings | None = None) -> list[Analysis]:
    """Compile every text; what cannot be read is reported, and the others are compiled.

    Args:
        paths: files, folders, and ``-`` for standard input.
        settings: what counts; default: the project's.

    Raises:
        CannotRun: none of them can be read.
    """
    prepared()
    from seqdsl.cli.faults import report_unreadable
    from seqdsl.cli.model_texts import read_texts

    wanted = settings or settings_for(paths)
    skipped: list[Unreadable] = []
    texts = read_texts(paths, wanted, skipped.append)
    analyses = list(_analyses(texts, wanted, skipped))
    if skipped and not analyses:
        raise CannotRun("\n".join(map(str, skipped)))
    for error in skipped:
        report_unreadable(error)
    return analyses


def _analyses(
    texts: Iterable[Text], wanted: Settings, skipped: list[Unreadable]
) -> Iterator[Analysis]:
    """The analysis of each text; one that cannot be made takes no other with it."""
    from seqdsl.cli.faults import guarded
    from seqdsl.project.files import Unreadable

    for text in texts:
        with guarded(text.name, Unreadable):
            try:
                analysis = _analyzed(text)
            except Unreadable as error:
                skipped.append(error)
            else:
                yield _wanted(analysis, wanted)


def _analyzed(text: Text) -> Analysis:
    """The analysis of a text; a file that was named and holds no picture is reported."""
    from seqdsl.integrations.texts import analyze_text
    from seqdsl.project.files import holds_blocks

    analysis = analyze_text(text)
    if holds_blocks(text.name) and not analysis.models and not analysis.diagnostics:
        click.echo(f"{text.name}: no seq blocks", err=True)
    return analysis


def _wanted(analysis: Analysis, settings: Settings) -> Analysis:
    if not (settings.select or settings.ignore):
        return analysis
    from dataclasses import replace

    shown = (item for item in analysis.diagnostics if item.is_error or settings.wants(item.code))
    return replace(analysis, diagnostics=tuple(shown))


def models_of(analyses: Sequence[Analysis]) -> list[CompiledModel]:
    """All models that compiled."""
    return [model for analysis in analyses for model in analysis.models]


def exit_code(analyses: Sequence[Analysis], *, strict: bool = False) -> int:
    """Whether a text has errors; if ``strict``, or warnings."""
    diagnostics = (item for analysis in analyses for item in analysis.diagnostics)
    return PROBLEMS if any(strict or item.is_error for item in diagnostics) else CLEAN


def count(analyses: Sequence[Analysis]) -> str:
    """How many models and findings there are, in words."""
    diagnostics = [item for analysis in analyses for item in analysis.diagnostics]
    errors = sum(item.is_error for item in diagnostics)
    warnings = len(diagnostics) - errors
    problems = ", ".join(
        plural(number, noun)
        for number, noun in ((errors, "error"), (warnings, "warning"))
        if number
    )
    return f"{plural(len(models_of(analyses)), 'model')}, {problems or 'no problems'}"


def plural(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
