"""text → terminal: rich tables and colours on a terminal, plain text in a pipe."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, TextIO

import click

from seqdsl.explain import summary
from seqdsl.text.codes import CODES
from seqdsl.text.diagnostics import ALL_AS_JSON, excerpt, shown, unshown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.pipeline import Analysis


_NARROWEST = 30
"""Below it a sentence is a column of words; the terminal may as well break it."""


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether people look at a stream (standard output) as it is written; ``--color always`` says that they do."""
    context = click.get_current_context(silent=True)
    return (stream or sys.stdout).isatty() or (context is not None and context.color is True)


def text_width(most: int) -> int:
    """The columns that sentences may take: a terminal's, up to ``most``; ``most`` in a pipe."""
    if not sys.stdout.isatty():
        return most
    # The last column stays free: some terminals break a line that fills it.
    return max(_NARROWEST, min(most, shutil.get_terminal_size().columns - 1))


def show_findings(
    analyses: Sequence[Analysis], *, to_error: bool = False, why: bool = False
) -> None:
    """Print the findings with the rows they concern; on request with what each code means, once for each.

    Of a text with a great many the first thousand are printed, errors rather than warnings.
    """
    stream = sys.stderr if to_error else sys.stdout
    explained = set()
    for analysis in analyses:
        for item in shown(analysis.diagnostics):
            text = excerpt(item, analysis.source)
            if why and item.code not in explained:
                text += f"\n  = why: {CODES[item.code].why}"
            explained.add(item.code)
            if is_terminal(stream):
                head, _, rest = text.partition("\n")
                style = "bold red" if item.is_error else "bold yellow"
                out = console(stderr=to_error)
                # A row may hold [brackets], which rich takes for markup, and numbers, which it colors; and it must not
                # be broken where the terminal ends.
                out.print(head, style=style, markup=False, highlight=False, soft_wrap=True)
                out.print(rest, markup=False, highlight=False, soft_wrap=True)
            else:
                print(text, file=stream)
            print(file=stream)
        if rest := unshown(analysis.diagnostics, ALL_AS_JSON):
            print(f"{rest}\n", file=stream)


def show_explanations(texts: Sequence[str]) -> None:
    """Print explanations, their headings in bold on a terminal."""
    for number, text in enumerate(texts):
        if number:
            print()
        if not is_terminal():
            print(text, end="")
            continue
        for place, line in enumerate(text.splitlines()):
            # The first line is the model's headline; `What is drawn:` begins a part, an indented `x:` does not.
            is_heading = place == 0 or (line.endswith(":") and not line.startswith(" "))
            style = "bold" if is_heading else None
            console().print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def show_models(models: Sequence[CompiledModel]) -> None:
    """Print what was inferred of each model."""
    for model in models:
        if is_terminal():
            _show_table(model)
        else:
            print(summary.plain(model), end="\n\n")


def _show_table(model: CompiledModel) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(f"{model.file}: {summary.headline(model)}"),
        title_justify="left",
        show_header=False,
    )
    for role, name, facts in summary.rows(model):
        table.add_row(Text(role, style="dim"), Text(name, style="bold"), Text(facts))
    console().print(table)


def console(*, stderr: bool = False) -> Console:
    """A console of rich, in color if this is asked for or the stream is a terminal."""
    from rich.console import Console

    # What `--color` says is in click's context; without it rich itself respects NO_COLOR.
    context = click.get_current_context(silent=True)
    color = context.color if context is not None else None
    if color is None:
        return Console(stderr=stderr)
    return Console(
        stderr=stderr,
        force_terminal=color or None,
        color_system="standard" if color else None,
        no_color=not color,
    )
