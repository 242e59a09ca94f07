"""The pages of the site: their pictures compile, their code is what is generated, their links lead somewhere."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest

import seqdsl
from docs.pages.coded import NAMES, essence, page
from docs.site.assemble import sources
from docs.site.check import problems
from docs.site.gallery import examples, write_gallery
from docs.site.links import DeadLink, moved
from seqdsl.api import analyze

ROOT = Path(__file__).parents[2]
WRITTEN = ("start", "from-shapes", "from-a-paper", "devices", *NAMES)
"""Pages that are for the site first."""

PICTURES = [
    (name, number, picture)
    for name in WRITTEN
    for number, picture in enumerate(
        re.findall(r"^```seq\n(.*?)^```", (ROOT / f"docs/{name}.md").read_text(), re.M | re.S)
    )
]
CONFIGURATION = (ROOT / "mkdocs.yml").read_text("utf-8")


@pytest.mark.parametrize(
    "picture", [item[2] for item in PICTURES], ids=[f"{item[0]}-{item[1]}" for item in PICTURES]
)
def test_pictures_have_no_findings(picture: str) -> None:
    analysis = analyze(picture, "page.seq")
    assert analysis.models and not analysis.diagnostics


def test_there_are_twenty_questions_each_with_its_picture() -> None:
    text = (ROOT / "docs" / "questions.md").read_text("utf-8")
    questions = text.split("\n## ")[1:]
    assert len(questions) == 20
    for question in questions:
        assert question.splitlines()[0].endswith("?")
        assert (question.count("```seq"), question.count("```python")) == (1, 2)


@pytest.mark.parametrize("name", NAMES)
def test_code_is_current(golden: Callable[[Path, str], None], name: str) -> None:
    golden(ROOT / "docs" / f"{name}.md", page(name))


def test_code_is_shown_without_docstrings_but_whole() -> None:
    model = analyze("Y Y   dense(2)\n| |\nH-H   lstm(4)\n| |\nX X   input(3)").models[0]
    for target in ("keras", "torch"):
        shown, whole = ast.parse(essence(model.source(target))), ast.parse(model.source(target))
        assert '"""' not in ast.unparse(shown)
        defined = {node.name for node in ast.walk(shown) if isinstance(node, ast.FunctionDef)}
        assert defined and defined <= {
            node.name for node in ast.walk(whole) if isinstance(node, ast.FunctionDef)
        }


@pytest.mark.parametrize("name", WRITTEN)
def test_commands_are_understood(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    commands = "".join(re.findall(r"```console\n(.*?)```", text, re.DOTALL)).splitlines()
    for words in map(shlex.split, commands):
        if words[0] == "seqdsl" and words[1] == "new" and "--input" in words:
            command = [sys.executable, "-m", "seqdsl", *words[1:]]
            assert subprocess.run(command, capture_output=True, check=False).returncode == 0
        assert words[0] in ("seqdsl", "pip")


def test_excerpts_are_in_their_scripts() -> None:
    text = (ROOT / "docs" / "devices.md").read_text("utf-8")
    found = re.findall(r"<!-- excerpt: (\S+) -->\n```python\n(.*?)```", text, re.DOTALL)
    assert len(found) == text.count("```python")
    for name, code in found:
        assert code in (ROOT / "examples" / "trained" / name).read_text("utf-8")


def test_what_is_in_the_navigation_exists() -> None:
    named = set(re.findall(r": (\S+\.md)$", CONFIGURATION, re.MULTILINE))
    assert named - {"gallery/index.md"} <= set(sources().values())
    assert {f"{name}.md" for name in WRITTEN} <= named


def test_links_of_all_sources_lead_to_files() -> None:
    for file, here in sources().items():
        if here.endswith(".md"):
            moved((ROOT / file).read_text("utf-8"), file, here)


@pytest.mark.parametrize(
    ("link", "there"),
    [
        ("language.md#rows", "language.md#rows"),
        ("../examples/README.md", "gallery/index.md"),
        ("../examples/stacked.seq", "gallery/stacked.md"),
        ("../grammar/ir.lark", "https://github.com/seqdsl/seqdsl/blob/main/grammar/ir.lark"),
        ("https://github.com/seqdsl/seqdsl/blob/main/docs/verify.md", "verify.md"),
        (
            "../README.md#draw-a-diagram",
            "https://github.com/seqdsl/seqdsl/blob/main/README.md#draw-a-diagram",
        ),
        ("https://keras.io", "https://keras.io"),
        ("#rows", "#rows"),
    ],
)
def test_links_become_those_of_the_site(link: str, there: str) -> None:
    text = "[a]({0}) `[a]({0})`\n\n```text\n[a]({0})\n```\n"
    expected = text.format(link).replace(f"({link})", f"({there})", 1)
    assert moved(text.format(link), "docs/running.md", "running.md") == expected


def test_a_dead_link_is_noticed() -> None:
    with pytest.raises(DeadLink, match=r"docs/running\.md: gone\.md does not exist"):
        moved("[a](gone.md)", "docs/running.md", "running.md")


def test_a_page_of_the_gallery(tmp_path: Path) -> None:
    folder = tmp_path / "examples"
    folder.mkdir()
    text = "# A <b> tagger.\nY Y   dense(2)\n| |\nH-H   lstm(4)\n| |\nX X   input(3)\n"
    (folder / "tagger.seq").write_text(text, "utf-8")
    write_gallery(examples(folder), tmp_path / "gallery", "https://example.org")
    index = (tmp_path / "gallery" / "index.md").read_text("utf-8")
    assert 'href="tagger/" data-topologies="many-to-many aligned" data-layers="dense|lstm"' in index
    assert "A &lt;b&gt; tagger." in index and "A <b> tagger." not in index
    shown = (tmp_path / "gallery" / "tagger.md").read_text("utf-8")
    assert all(f'=== "{name}"' in shown for name in ("Keras", "PyTorch", "numpy"))
    for theme in ("light", "dark"):
        assert f"tagger-{theme}.svg#only-{theme}" in shown
        assert (tmp_path / "gallery" / f"tagger-{theme}.svg").read_text("utf-8").startswith("<svg")


def written(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<html><body>{body}</body></html>", "utf-8")


def test_a_site_is_checked(tmp_path: Path) -> None:
    written(
        tmp_path, "index.html", '<h1 id="top">a</h1><a href="b/#rows">b</a><a href="#top">up</a>'
    )
    written(tmp_path, "b/index.html", '<h2 id="rows">b</h2><a href="https://keras.io">Keras</a>')
    written(tmp_path, "play/index.html", '<a href="gone/">of the playground</a>')
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<a href="gone/">a</a>', "index.html: gone/ leads nowhere"),
        ('<a href="#gone">a</a>', "index.html: #gone leads nowhere"),
        ('<img src="gone.svg#only-dark">', "index.html: gone.svg#only-dark leads nowhere"),
        ('<img src="//cdn.example.org/a.png">', "index.html: loads //cdn.example.org/a.png"),
        (
            '<script src="https://cdn.example.org/a.js"></script>',
            "index.html: loads https://cdn.example.org/a.js",
        ),
        ('<a href="/root/">a</a>', "index.html: /root/ leads nowhere"),
    ],
)
def test_what_is_wrong_with_a_site_is_found(body: str, problem: str, tmp_path: Path) -> None:
    written(tmp_path, "index.html", body)
    assert problems(tmp_path) == [problem]


def test_a_font_of_another_host_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a { src: url(https://fonts.example.org/a.woff2) }", "utf-8")
    assert problems(tmp_path) == ["a.css: loads something from another host"]


def test_the_reference_has_all_that_is_public() -> None:
    text = (ROOT / "docs" / "site" / "reference.md").read_text("utf-8")
    named = set(re.findall(r"^::: seqdsl\.(?:\w+\.)+(\w+)$", text, re.MULTILINE))
    assert named == {name for name in seqdsl.__all__ if not name.startswith("_")}


def test_examples_of_docstrings_become_code(monkeypatch: pytest.MonkeyPatch) -> None:
    # The library is installed where the site is built, and the class is all that is needed of it.
    monkeypatch.setitem(sys.modules, "griffe", SimpleNamespace(Extension=object, Object=object))
    fenced = import_module("docs.site.doctests").fenced
    text = "Double.\n\n    >>> 2 * 2\n    4\n\n    Args:\n        x: a number."
    assert fenced(text) == "Double.\n\n```pycon\n>>> 2 * 2\n4\n```\n\nArgs:\n    x: a number."
