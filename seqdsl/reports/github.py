"""findings → workflow commands: GitHub shows each beside its line of the pull request.

The syntax is that of "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.reports.finding import Finding, findings, relative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Analysis
    from seqdsl.verify.report import Report


def report(analyses: Sequence[Analysis], results: Report | None = None) -> str:
    """A line for each finding, with its end."""
    return "".join(f"{_command(item)}\n" for item in findings(analyses, results))


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
