"""The reference of the Python API is current and complete, and its examples run."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable
from pathlib import Path

import seqdsl
from docs.pages.api import INTERNAL, markdown, members, page

ROOT = Path(__file__).parents[2]
PAGE = page()


def test_the_page_is_current(golden: Callable[[Path, str], None]) -> None:
    golden(ROOT / "docs" / "api.md", PAGE)


def test_every_public_name_is_on_the_page() -> None:
    headings = set(re.findall(r"^## (\w+)$", PAGE, re.MULTILINE))
    assert headings == {name for name in seqdsl.__all__ if not name.startswith("_")}
    # `dir` knows fields, properties and methods alike, also those without a docstring.
    model = seqdsl.compile("O\n|\nO")
    public = {name for name in dir(model) if not name.startswith("_")} - INTERNAL
    fields = {"file", "lines"}
    assert public - fields == set(members(seqdsl.Model))
    assert all(f"- `{name}`: " in PAGE for name in fields)
    assert all(f"### Model.{name}\n" in PAGE for name in public - fields)


def test_every_section_has_an_example() -> None:
    sections = re.split(r"^##+ ", PAGE, flags=re.MULTILINE)[1:]
    assert len(sections) > 15
    assert not [text.partition("\n")[0] for text in sections if "```python\n>>>" not in text]


def test_the_examples_run() -> None:
    """Those of docstrings run with their modules, but doctest does not see a `cached_property`."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    for number, block in enumerate(blocks):
        test = doctest.DocTestParser().get_doctest(block, {}, f"api-{number}", "api.md", 0)
        assert doctest.DocTestRunner().run(test).failed == 0


def test_what_becomes_of_a_docstring() -> None:
    text = "One ``line``.\n\nArgs:\n    text: a text,\n        or bytes.\n    name: its name.\n\nReturns:\n    A model."
    assert markdown(text) == (
        "One `line`.\n\n**Arguments:**\n\n- `text`: a text,\n  or bytes.\n- `name`: its name.\n\n"
        "**Returns:**\n\nA model.\n"
    )


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
