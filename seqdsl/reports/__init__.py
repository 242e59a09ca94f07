"""findings and results → text for machines: a module for each format, with a function ``report``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Analysis
    from seqdsl.verify.report import Report

FORMATS = {
    "json": "seqdsl.reports.json_report",
    "sarif": "seqdsl.reports.sarif",
    "github": "seqdsl.reports.github",
    "junit": "seqdsl.reports.junit",
}


def render(form: str, analyses: Sequence[Analysis], results: Report | None = None) -> str:
    """What was found, in one of `FORMATS`."""
    return str(import_module(FORMATS[form]).report(analyses, results))
