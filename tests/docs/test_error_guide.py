"""The guide from an error message is what the records say, and its pictures are those that were compiled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from seqdsl.diagnosis.kinds import KINDS
from seqdsl.diagnosis.page import page

PAGE = Path(__file__).parents[2] / "docs" / "from-an-error.md"


def test_the_page_is_current(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, page())


def test_every_kind_is_on_it() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"```text\n{kind.message}\n```" in text for kind in KINDS)
    assert text.count("```seq") == len(KINDS) + sum(kind.wrong is not None for kind in KINDS)
