"""Pictures with one slip each: the first message names the right cell and the right cause."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from seqdsl.api import analyze
from seqdsl.syntax.document import parse
from seqdsl.text.diagnostics import excerpt
from seqdsl.text.source import Source

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


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.seq"))[::4], ids=lambda path: path.stem)
def test_a_row_that_slides_is_named(path: Path) -> None:
    """Every row of wires, or of several nodes, moved by one column."""
    text = path.read_text("utf-8")
    lines = text.splitlines()
    document, _ = parse(Source(path.name, text), "example")
    for row in (row for picture in document.pictures for row in picture.rows):
        if len(row.cells.split()) < 2 and len(row.cells.strip()) < 3:
            continue
        moved = list(lines)
        moved[row.line - 1] = f" {moved[row.line - 1]}"
        errors = [item for item in analyze("\n".join(moved)).diagnostics if item.is_error]
        assert errors
        # A row that one single wire joins to the others may be told as that wire.
        told = errors[0].code == "SEQ213" and errors[0].span.line == row.line
        assert told or (len(errors) == 1 and abs(errors[0].span.line - row.line) <= 1)


@pytest.mark.parametrize("line", ["F \f= dense(2)", "F\v= dense(2)", "F = dense(2)\x1f", "n \f= 3"])
def test_a_line_that_cannot_be_read_never_passes_in_silence(line: str) -> None:
    analysis = analyze(f"F\n|\nX   input(3)\n\n{line}\n")
    assert [item.code for item in analysis.diagnostics if item.is_error]
