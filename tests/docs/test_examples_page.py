"""The index of the examples is current, has all of them, and says what each is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from docs.pages.examples import FOLDER, about, examples, page


@pytest.fixture(scope="module")
def whole() -> str:
    """The page as it is generated."""
    return page()


def test_the_page_is_current(golden: Callable[[Path, str], None], whole: str) -> None:
    golden(FOLDER / "README.md", whole)


def test_every_file_says_what_it_is() -> None:
    assert not [item.file for item in examples(FOLDER) if not item.about]


def test_every_file_is_linked_and_every_link_leads_somewhere(whole: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", whole)
    assert all((FOLDER / target).exists() for target in links)
    assert {path.name for path in FOLDER.glob("*.seq")} <= set(links)


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("# one\n# two\n\n# three\nY\n", "one two"),
        ("# fmt: off\nY\n|\nX\n\n# pasted\n", "pasted"),
        ("# seqdsl: ignore SEQ401\n# why\nY\n", "why"),
        ("X = input(8)  # no line of its own\n", ""),
    ],
)
def test_the_first_comment(text: str, comment: str) -> None:
    assert about(text) == comment


def test_a_cell_ends_where_it_should(tmp_path: Path) -> None:
    (tmp_path / "a.seq").write_text("# the wires | of one\nY   dense(2)\n|\nX   input(8)\n")
    (row,) = [line for line in page(tmp_path).splitlines() if "a.seq" in line]
    assert row == r"| [a](a.seq) | the wires \| of one | `dense` |"
