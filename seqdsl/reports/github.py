"""findings → workflow commands: GitHub shows each beside its line of the pull request.

The syntax is that of "Workflow commands for GitHub Actions". Of one step, GitHub shows ten errors and ten warnings, and
says nothing of the others (actions/toolkit, docs/problem-matchers.md); all commands are in the step's log.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seqdsl.reports.finding import Finding, findings, relative
from seqdsl.text.diagnostics import ALL_AS_JSON, shown, unshown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Analysis
    from seqdsl.verify.report import Report

MOST_ANNOTATIONS = 10


def report(analyses: Sequence[Analysis], results: Report | None = None) -> str:
    """A line for each finding, with its end; what GitHub does not show is counted in a notice, which it shows."""
    items = list(findings(analyses, results))
    commands = [_command(item) for item in shown(items)]
    counts = Counter(item.severity for item in items)
    if max(counts.values(), default=0) > MOST_ANNOTATIONS:
        listed = ", ".join(f"{severity}s: {count:,}" for severity, count in sorted(counts.items()))
        text = f"{listed}; GitHub shows {MOST_ANNOTATIONS} of each, the log of this step lists more"
        commands += [f"::notice title=seqdsl::{_data(text)}"]
    if rest := unshown(items, ALL_AS_JSON):
        commands += [rest]
    return "".join(f"{command}\n" for command in commands)


def _command(item: Finding) -> str:
    places = {"file": relative(item.file), "line": item.line}
    if item.column:
        # GitHub's endColumn is the last column; ours is the one after it.
        places |= {"col": item.column, "endColumn": max(item.column, item.end - 1)}
    places["title"] = item.title
    given = ",".join(f"{key}={_property(str(value))}" for key, value in places.items())
    return f"::{item.severity} {given}::{_data(item.message)}"


def _data(text: str) -> str:
    # The percent sign first: otherwise those of %0D and %0A would be escaped again.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    # In a property these two would end its value.
    return _data(text).replace(":", "%3A").replace(",", "%2C")
