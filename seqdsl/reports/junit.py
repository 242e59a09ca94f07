"""results → JUnit's XML: what CI services show as a list of tests.

A suite for each file, a case for each check of each model in each framework. A file with errors has a case
``compile`` that fails.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from seqdsl.reports.finding import relative
from seqdsl.text.diagnostics import excerpt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.pipeline import Analysis
    from seqdsl.verify.report import Report, Result

# XML 1.0 has no way to write these, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report(analyses: Sequence[Analysis], results: Report | None = None) -> str:
    """One document about all files."""
    root = ET.Element("testsuites", name="seqdsl")
    for analysis in analyses:
        root.append(_suite(analysis, results.results if results else ()))
    # CI services read the totals from the root.
    _count(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _suite(analysis: Analysis, results: Sequence[Result]) -> ET.Element:
    file = analysis.source.name
    suite = ET.Element("testsuite", name=_text(relative(file)))
    if errors := [item for item in analysis.diagnostics if item.is_error]:
        case = _case(suite, file, file, "compile", errors[0].span.line, 0.0)
        whole = "\n\n".join(excerpt(item, analysis.source) for item in errors)
        _fail(case, errors[0].message, whole)
    for item in results:
        if item.file == file:
            name = f"{item.model}.{item.target}"
            case = _case(suite, file, name, item.check, item.line, item.seconds)
            if not item.passed:
                _fail(case, item.message.partition("\n")[0], item.message)
    _count(suite)
    return suite


def _case(
    suite: ET.Element, file: str, group: str, name: str, line: int, seconds: float
) -> ET.Element:
    return ET.SubElement(
        suite,
        "testcase",
        classname=_text(group),
        name=name,
        file=_text(relative(file)),
        line=str(line),
        time=f"{seconds:.3f}",
    )


def _fail(case: ET.Element, message: str, whole: str) -> None:
    failure = ET.SubElement(case, "failure", message=_text(message))
    failure.text = _text(whole)


def _count(suite: ET.Element) -> None:
    cases = list(suite.iter("testcase"))
    # Of the root the cases of all suites: `iter` goes all the way down.
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", "0")
    suite.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")


def _text(text: str) -> str:
    return _FORBIDDEN.sub("?", text)
