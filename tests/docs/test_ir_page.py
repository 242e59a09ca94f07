"""The page about graphs: its Python runs, its texts are graphs, its tables are complete."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from seqdsl.ir import parse
from seqdsl.ir.fields import OPERATIONS, RECORDS
from seqdsl.ir.verifier import check

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "ir.md").read_text("utf-8")


def fenced(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def test_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for block in fenced("python"):
        test = doctest.DocTestParser().get_doctest(block, names, "ir.md", "ir.md", 0)
        assert doctest.DocTestRunner().run(test, clear_globs=False).failed == 0
        names.update(test.globs)


@pytest.mark.parametrize("session", fenced("console"))
def test_output(session: str) -> None:
    command, _, expected = session.removeprefix("$ ").partition("\n")
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == expected


@pytest.mark.parametrize("text", fenced("ir"))
def test_texts_are_graphs(text: str) -> None:
    check(parse(text))


def test_tables_are_complete() -> None:
    """Every operation and expression is on the page; values, steps and slices have signs of their own."""
    rows = [line for line in TEXT.splitlines() if line.startswith("| `")]
    said = {word for row in rows for word in re.findall(r"\w+", row)}
    assert set(OPERATIONS) <= said
    assert RECORDS.keys() - {"value", "final_state", "step", "slice", "batch"} <= said


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target
