"""The catalogue of codes: every entry is emitted, has a wrong and a right picture, and a golden message."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.api import Analysis, analyze
from seqdsl.explain.arrays import read_array
from seqdsl.explain.data import data_findings
from seqdsl.text.codes import CODES
from seqdsl.text.codes.page import page
from seqdsl.text.diagnostics import Diagnostic, excerpt

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def emitted() -> set[str]:
    sources = (ROOT / "seqdsl").rglob("*.py")
    return {
        code
        for path in sources
        if path.parent.name != "codes"
        for code in re.findall(r"SEQ\d{3}", path.read_text("utf-8"))
    }


def test_every_code_is_in_the_catalogue_and_the_other_way_round() -> None:
    assert emitted() == set(CODES)


class _Decisions(ast.NodeVisitor):
    """Collects the lines on which a code is anything else than what a diagnostic is made with."""

    def __init__(self) -> None:
        self.lines: list[int] = []

    def generic_visit(self, node: ast.AST) -> None:
        # `Diagnostic("SEQ204" if flat else "SEQ207", ...)` makes one; a comparison, a collection and
        # `code.startswith("SEQ2")` tell codes apart.
        asks = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "startswith"
        if asks or not isinstance(node, ast.Call | ast.IfExp):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.Constant) and re.match(r"SEQ\d", str(child.value)):
                    self.lines.append(child.lineno)
        super().generic_visit(node)


def decisions(source: str) -> list[int]:
    visitor = _Decisions()
    visitor.visit(ast.parse(source))
    return visitor.lines


def test_what_code_decides_by_a_code_is_a_field_of_its_entry() -> None:
    for path in (ROOT / "seqdsl").rglob("*.py"):
        if path.parent.name != "codes":
            assert not decisions(path.read_text("utf-8")), path


@pytest.mark.parametrize(
    "source",
    ['item.code == "SEQ205"', 'CERTAIN = {"SEQ301"}', 'MEANT = "SEQ5"', 'x.startswith("SEQ2")'],
)
def test_a_decision_by_a_code_is_noticed(source: str) -> None:
    assert decisions(source) == [1]


def test_causes_are_other_codes() -> None:
    for name, code in CODES.items():
        assert set(code.cascades_from) <= set(CODES) - {name}


def findings(analysis: Analysis, code: str) -> list[Diagnostic]:
    """The findings of a text, and of the data that the catalogue holds it against."""
    entry = CODES[code]
    found = list(analysis.diagnostics)
    for model in analysis.models if entry.options else ():
        data = [read_array(item) for item in entry.data]
        found += data_findings(model.spec, data, [read_array(item) for item in entry.target])
    return found


@pytest.mark.parametrize("code", CODES)
def test_wrong_picture(golden: Callable[[Path, str], None], code: str) -> None:
    # A lone surrogate in a text stands for a byte that is not UTF-8.
    data = CODES[code].wrong.encode("utf-8", "surrogateescape")
    analysis = analyze(data, "wrong.seq")
    found = findings(analysis, code)
    assert found[0].code == code
    assert found[0].severity == CODES[code].severity
    compiles = CODES[code].severity == "warning" or bool(CODES[code].options)
    # A model that another one calls may be right by itself.
    assert 0 < len(analysis.models) == len(analysis.document.pictures) or not compiles
    assert compiles or len(analysis.models) < max(1, len(analysis.document.pictures))
    text = "\n\n".join(excerpt(item, analysis.source) for item in found)
    golden(HERE / "golden" / f"{code}.txt", f"{text}\n")


@pytest.mark.parametrize("code", CODES)
def test_right_picture(code: str) -> None:
    analysis = analyze(CODES[code].right, "right.seq")
    assert not analysis.diagnostics
    assert analysis.models


def test_golden_messages_are_exactly_those_of_the_catalogue() -> None:
    assert {path.stem for path in (HERE / "golden").glob("*")} == set(CODES)


def test_the_page_is_current(golden: Callable[[Path, str], None]) -> None:
    golden(ROOT / "docs" / "errors.md", page())
