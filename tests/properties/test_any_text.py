"""Any text at all gives models or findings with a position, and nothing of a text can run as code."""

from __future__ import annotations

import ast
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqdsl.pipeline import TARGETS, Analysis, analyze

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.read_text("utf-8") for path in (ROOT / "examples").glob("*.seq"))
PINNED = sorted((ROOT / "tests" / "pinned").glob("*"))
LETTERS = "OXYHBE |/\\+-<>=^.…\n\t#()[]{},=_'\"│─┼╱╲●→o123abcn"


def hold(analysis: Analysis) -> None:
    lines = analysis.source.lines
    for item in analysis.diagnostics:
        assert 1 <= item.span.line <= len(lines)
        assert 1 <= item.span.column <= len(lines[item.span.line - 1]) + 1
        assert item.span.end > item.span.column
        assert item.message
    for model in analysis.models:
        for target in TARGETS:
            ast.parse(model.source(target))
        ElementTree.fromstring(str(model.draw("svg")))
        assert model.draw("dot") and model.draw("mmd")
    assert analysis.models or analysis.diagnostics


@given(st.text())
def test_any_text(text: str) -> None:
    hold(analyze(text))


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    hold(analyze(data))


@given(st.text(alphabet=LETTERS, max_size=300))
def test_signs_of_the_language(text: str) -> None:
    hold(analyze(text))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """An example with some characters or lines deleted, doubled or exchanged."""
    text = draw(st.sampled_from(EXAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(text) - 1)))
        what = draw(st.sampled_from(["delete", "insert", "replace", "line"]))
        sign = draw(st.sampled_from(LETTERS))
        if what == "line":
            lines = text.split("\n")
            del lines[at % len(lines)]
            text = "\n".join(lines)
        else:
            text = text[:at] + ("" if what == "delete" else sign) + text[at + (what != "insert") :]
    return text


@settings(max_examples=400)
@given(damaged())
def test_damaged_examples(text: str) -> None:
    hold(analyze(text))


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_pinned(path: Path) -> None:
    hold(analyze(path.read_bytes(), path.name))


HOSTILE = [
    '"""', "'''", "\\", "{{ 7 * 7 }}", "{% raw %}", "__import__('os')", "__class__", "lambda", "\x00", "; import os",
    "\\N{BULLET}", "%s", "${HOME}", "$(id)", "\u202e", "class", "def", "exec", "#", "\r",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "frame",
    [
        "Y Y   dense(2)  # {}\n| |\nX X   input(8)\n",
        "# {}\nY Y   dense(2)\n| |\nX X   input(8)\n",
        "Y Y   dense(2, name={})\n| |\nX X   input(8)\n",
        "Y Y   dense({})\n| |\nX X   input(8)\n",
        "model {}\nY Y   dense(2)\n| |\nX X   input(8)\n",
        "Y Y   dense(2)\n| |\nX X   input(8)\n{} = 3\n",
    ],
)
def test_hostile_text_stays_text(frame: str, text: str) -> None:
    harmless = analyze(frame.replace("{}", "word")).models
    analysis = analyze(frame.replace("{}", text))
    hold(analysis)
    for model in analysis.models:
        for target in TARGETS:
            kinds = {type(node) for node in ast.walk(ast.parse(model.source(target)))}
            known = {
                type(node)
                for node in ast.walk(ast.parse((harmless or analysis.models)[0].source(target)))
            }
            assert kinds <= known
            assert "import os" not in model.source(target)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_file_names(text: str) -> None:
    analysis = analyze("Y Y   dense(2)\n| |\nX X   input(8)\n", f"{text}.seq")
    (model,) = analysis.models
    for target in TARGETS:
        ast.parse(model.source(target))
    assert model.name.replace("-", "_").isidentifier()


def test_large_garbage_and_large_pictures_end_soon() -> None:
    hold(analyze("=+|-/\\O. " * 50_000))
    wide = "\n".join(["O " * 20_000, "| " * 20_000, "O " * 20_000])
    assert analyze(wide).models
    assert analyze("\n".join(["O\n|"] * 2_000 + ["O"])).models
    assert analyze("\n".join(["O O", "| |", *["+-+"] * 2_000, "| |", "O O"])).models
