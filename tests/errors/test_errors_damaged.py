"""Pictures with one slip each: the first message names the right cell and the right cause."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from seqdsl.diagnostics import excerpt
from seqdsl.pipeline import analyze

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DAMAGED: dict[str, dict[str, Any]] = {
    f"{path.stem}/{name}": case
    for path in sorted((Path(__file__).parent / "damaged").glob("*.toml"))
    for name, case in tomllib.loads(path.read_text("utf-8")).items()
}


def test_there_are_enough_of_them() -> None:
    assert len(DAMAGED) >= 60


@pytest.mark.parametrize("name", DAMAGED)
def test_the_first_message(name: str) -> None:
    case = DAMAGED[name]
    analysis = analyze(case["picture"], f"{name}.seq")
    assert analysis.diagnostics
    first = analysis.diagnostics[0]
    found = (first.code, first.span.line, first.span.column)
    assert found == (case["code"], case["line"], case["column"]), excerpt(first, analysis.source)
    assert case["cause"] in excerpt(first, analysis.source).partition(" ")[2]


@pytest.mark.parametrize("name", DAMAGED)
def test_one_slip_is_one_finding(name: str) -> None:
    case = DAMAGED[name]
    findings = analyze(case["picture"], f"{name}.seq").diagnostics
    assert len(findings) <= case.get("findings", 1), [item.message for item in findings]
