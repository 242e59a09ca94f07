"""Any text at all gives models or findings with a position, and nothing of a text can run as code."""

from __future__ import annotations

import ast
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqdsl.api import Analysis, analyze
from seqdsl.draw import draw
from seqdsl.explain.model import explain
from seqdsl.formatter.format import format_text
from seqdsl.targets import TARGETS, source, write
from seqdsl.text.diagnostics import excerpt
from tests.hostile_texts import EXAMPLES, LETTERS, hostile_text

ROOT = Path(__file__).parents[2]
PINNED = sorted((ROOT / "tests" / "pinned").glob("*"))
CHUNKS = 20
MOST_SECONDS = 1.0
"""What all commands together may take for a small text, in processor time."""


def hold(analysis: Analysis) -> None:
    lines = analysis.source.lines
    for item in analysis.diagnostics:
        assert 1 <= item.span.line <= len(lines)
        assert 1 <= item.span.column <= len(lines[item.span.line - 1]) + 1
        assert item.span.end > item.span.column
        assert item.message
    for model in analysis.models:
        for target in TARGETS:
            ast.parse(source(model.spec, target))
        ElementTree.fromstring(str(draw(model, "svg")))
        assert draw(model, "dot") and draw(model, "mmd")
    assert analysis.models or analysis.diagnostics


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """What is loaded once, with the first model that is written, is not the time of a text."""
    hold(analyze("H-H\n| |\nX X"))


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


@settings(max_examples=400, deadline=None)
@given(damaged())
def test_damaged_examples(text: str) -> None:
    hold(analyze(text))


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_hostile_texts(chunk: int, request: pytest.FixtureRequest) -> None:
    """What every command makes of a text that nobody would write: findings or models, and soon."""
    size = request.config.getoption("--hostile-texts") // CHUNKS
    first = request.config.getoption("--first-seed") + chunk * size
    for seed in range(first, first + size):
        text = hostile_text(seed)
        start = time.process_time()
        try:
            _try_all(text)
        except Exception as error:
            pytest.fail(f"seed {seed}: {error!r}\n\n{text}")
        taken = time.process_time() - start
        assert taken < MOST_SECONDS, f"seed {seed} took {taken:.1f} s\n\n{text}"


def _try_all(text: str) -> None:
    formatted = format_text(text)
    hold(formatted.analysis)
    for item in formatted.analysis.diagnostics:
        excerpt(item, formatted.analysis.source)
    for model in formatted.analysis.models:
        explain(model.spec, {target: write(model.spec, target) for target in TARGETS})


def test_hostile_texts_are_of_all_kinds() -> None:
    """The same seed is the same text; some compile, and some have mistakes of each kind."""
    assert hostile_text(3) == hostile_text(3)
    texts = [hostile_text(seed) for seed in range(400)]
    analyses = [analyze(text) for text in texts]
    assert sum(bool(item.models) for item in analyses) > 40
    codes = {item.code for analysis in analyses for item in analysis.diagnostics}
    assert {code[:4] for code in codes} >= {"SEQ1", "SEQ2", "SEQ3", "SEQ4"} and len(codes) > 30


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
            kinds = {type(node) for node in ast.walk(ast.parse(source(model.spec, target)))}
            known = {
                type(node)
                for node in ast.walk(ast.parse((harmless or analysis.models)[0].source(target)))
            }
            assert kinds <= known
            assert "import os" not in source(model.spec, target)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_file_names(text: str) -> None:
    analysis = analyze("Y Y   dense(2)\n| |\nX X   input(8)\n", f"{text}.seq")
    (model,) = analysis.models
    for target in TARGETS:
        ast.parse(source(model.spec, target))
    assert model.name.replace("-", "_").isidentifier()


def test_large_garbage_and_large_pictures_end_soon() -> None:
    hold(analyze("=+|-/\\O. " * 50_000))
    wide = "\n".join(["O " * 20_000, "| " * 20_000, "O " * 20_000])
    assert analyze(wide).models
    assert analyze("\n".join(["O\n|"] * 2_000 + ["O"])).models
    assert analyze("\n".join(["O O", "| |", *["+-+"] * 2_000, "| |", "O O"])).models
