"""paths → files in canonical form: what ``seqdsl format`` writes and says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from seqdsl.cli.common import CLEAN, PROBLEMS, CannotRun, plural, prepared
from seqdsl.cli.faults import guarded
from seqdsl.cli.terminal import show_findings
from seqdsl.cli.writing import write_whole
from seqdsl.formatter.format import format_text
from seqdsl.project.files import STANDARD_INPUT, STANDARD_INPUT_NAME, Text, Unreadable, read_all
from seqdsl.repair.repair import repair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.formatter.format import Formatted


class Options(NamedTuple):
    """What to do with files that are not in canonical form, and with drawing mistakes."""

    check: bool
    diff: bool
    fix: bool

    @property
    def is_dry(self) -> bool:
        """Whether nothing is written."""
        return self.check or self.diff


def rewrite(paths: Sequence[str], options: Options) -> int:
    """Format every text of ``paths`` and report; returns the exit code.

    Raises:
        CannotRun: a file cannot be read or written.
    """
    prepared()
    counts = {"changed": 0, "unchanged": 0, "wrong": 0}
    try:
        # All are read before the first is written: a wrong path changes nothing.
        for text in list(read_all(paths)):
            with guarded(text.name):
                counts[_one(text, options, is_piped=STANDARD_INPUT in paths)] += 1
    except Unreadable as error:
        raise CannotRun(str(error)) from error
    # What is piped through is the output; nothing else belongs there.
    if set(paths) != {STANDARD_INPUT} or options.is_dry:
        click.echo(_summary(counts, options), err=STANDARD_INPUT in paths or options.diff)
    # As other formatters: with --check or --diff, a file that would change is a problem; without, it has been changed.
    failed = counts["wrong"] or (options.is_dry and counts["changed"])
    return PROBLEMS if failed else CLEAN


def _show_change(text: Text, data: bytes, options: Options, *, is_piped: bool) -> None:
    """Show what becomes of a text that is not formatted, as far as that is asked for."""
    if options.diff:
        from seqdsl.reports.unified_diff import unified_diff

        names = text.name, f"{text.name} (formatted)"
        click.echo("".join(unified_diff(text.data.decode(), data.decode(), *names)), nl=False)
    elif options.check:
        click.echo(f"would reformat {text.name}", err=is_piped)


def _one(text: Text, options: Options, *, is_piped: bool) -> str:
    formatted = format_text(text.data, text.name)
    if options.fix and not formatted.is_off:
        formatted = _repaired(formatted, text.name)
    if formatted.text is None and not formatted.is_off:
        show_findings([formatted.analysis], to_error=True)
        return "wrong"
    # Switched off by `# fmt: off`, a text is passed through as it is.
    data = text.data if formatted.text is None else formatted.text.encode()
    is_changed = data != text.data
    if is_changed:
        _show_change(text, data, options, is_piped=is_piped)
    if not options.is_dry:
        _write(text, data, is_changed=is_changed)
    return "changed" if is_changed else "unchanged"


def _repaired(formatted: Formatted, name: str) -> Formatted:
    """The format of the repaired text, if there is a repair; says what was repaired."""
    fix = repair(formatted.analysis)
    if fix is None:
        return formatted
    click.echo(f"{name}: {fix.sentence}", err=True)
    repaired = format_text(fix.text, name)
    return repaired if repaired.text is not None else formatted


def _write(text: Text, data: bytes, *, is_changed: bool) -> None:
    if text.name == STANDARD_INPUT_NAME:
        # Bytes: the text layer would translate line ends, and may not have UTF-8.
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    if is_changed:
        write_whole(Path(text.name), data)


def _summary(counts: dict[str, int], options: Options) -> str:
    would = "would be " if options.is_dry else ""
    parts = [
        f"{plural(counts['changed'], 'file')} {would}reformatted" if counts["changed"] else "",
        f"{plural(counts['unchanged'], 'file')} "
        f"{'already formatted' if options.is_dry else 'left unchanged'}"
        if counts["unchanged"]
        else "",
        f"{plural(counts['wrong'], 'file')} with errors not changed" if counts["wrong"] else "",
    ]
    return ", ".join(part for part in parts if part)
