"""Ugly pictures and their canonical form, as it was last read by a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seqdsl.formatter.format import format_text

HERE = Path(__file__).parent
UGLY = sorted((HERE / "ugly").glob("*.seq"))
EXAMPLES = sorted((HERE.parents[1] / "examples").glob("**/*.seq"))


@pytest.mark.parametrize("path", UGLY, ids=lambda path: path.stem)
def test_canonical_form(golden: Callable[[Path, str], None], path: Path) -> None:
    found = format_text(path.read_bytes(), path.name)
    assert found.text is not None, found.analysis.diagnostics
    golden(HERE / "golden" / path.name, found.text)


def test_there_are_no_others() -> None:
    assert {path.name for path in (HERE / "golden").iterdir()} == {path.name for path in UGLY}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_in_its_canonical_form(path: Path) -> None:
    found = format_text(path.read_bytes(), path.name)
    assert found.is_off or found.text == path.read_text("utf-8")


def test_only_what_was_pasted_is_left_as_it_is() -> None:
    off = {path.stem for path in EXAMPLES if format_text(path.read_bytes(), path.name).is_off}
    assert off == {"many-to-many-last-3", "many-to-many-padded", "pasted-arrows", "pasted-boxes"}
